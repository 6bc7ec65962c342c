import { describe, expect, it } from 'vitest';
import { compileModels } from '#core/models/compile.ts';
import { relationSql, renderSql } from '#core/models/render.ts';

function file(name: string, kind: string, sql: string) {
    const header = `model: ${name}\npurpose: A test.\ngrain: one row per id\nkey: [id]\nkind: ${kind}`;
    return { name: `${name}.sql`, text: `/* ---\n${header}\n--- */\n${sql}` };
}

const graph = compileModels({
    files: [
        file('stg_users', 'view', "select id from {{ ref('users') }} -- renamed"),
        file('wide_users', 'view', "select * from {{ ref('stg_users') }} as u"),
        file('dim_users', 'table', "select * from {{ ref('wide_users') }} cross join {{ ref('contract_parameters') }}"),
        file('report', 'table', "select * from {{ ref('dim_users') }}"),
    ],
    typescriptModels: [
        {
            name: 'decision',
            purpose: 'A test.',
            grain: 'one row per id',
            key: ['id'],
            kind: 'table',
            dateColumn: undefined,
            lookback: 0,
            lookahead: 0,
            watermark: undefined,
            checks: [],
            publish: undefined,
            language: 'typescript',
            refs: ['wide_users'],
            columns: [{ name: 'id', type: 'bigint' }],
            code: '1',
            build: () => [],
        },
    ],
    datasets: ['users'],
    dateDatasets: [],
});
const bind = (leaf: string) => `<${leaf}>`;

describe('rendering a model', () => {
    it('inlines views in parentheses, however deep, and survives a comment at their end', () => {
        expect(renderSql(graph, 'dim_users', bind)).toBe(
            'select * from (\nselect * from (\nselect id from <users> -- renamed\n) as u\n) cross join <contract_parameters>',
        );
    });

    it('binds stored models as leaves', () => {
        expect(renderSql(graph, 'report', bind)).toBe('select * from <dim_users>');
    });

    it('says which dates of a leaf are read: those being built, or the window of the model', () => {
        const dated = compileModels({
            files: [
                file('seen', 'view', "select * from {{ref('events','own dates')}} as e"),
                file('counted', 'by_date\ndate: day', "select * from {{ ref('seen') }}, {{ ref('events') }}"),
            ],
            typescriptModels: [],
            datasets: ['events'],
            dateDatasets: ['events'],
        });

        expect(renderSql(dated, 'counted', (leaf, dates) => `<${leaf} ${dates}>`)).toBe(
            'select * from (\nselect * from <events own> as e\n), <events window>',
        );
    });

    it('takes a relation text literally, even with dollar signs', () => {
        expect(renderSql(graph, 'report', () => "(select '$&')")).toBe("select * from (select '$&')");
    });

    it('gives any input as a relation, for models that are not SQL', () => {
        expect(relationSql(graph, 'stg_users', bind)).toBe('(\nselect id from <users> -- renamed\n)');
        expect(relationSql(graph, 'dim_users', bind)).toBe('<dim_users>');
    });

    it('refuses what is no SQL model', () => {
        expect(() => renderSql(graph, 'nothing', bind)).toThrow('found no model "nothing"');
        expect(() => renderSql(graph, 'decision', bind)).toThrow('found "decision", which is written in TypeScript');
    });
});
