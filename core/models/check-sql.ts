import type { IsoDate } from '../types.ts';
import type { ModelGraph } from './graph.ts';
import type { Check } from './model.ts';
import { type Bind, relationSql } from './render.ts';
import { fillTemplate, THIS_RELATION } from './template.ts';

/** What a check is evaluated on. */
export interface CheckContext {
    readonly graph: ModelGraph;
    /** Name of the model being checked: where a check names it, `thisRelation` is meant. */
    readonly model: string;
    /** Relation text of the version being checked. */
    readonly thisRelation: string;
    /** Relation text of the last promoted version; undefined at the first build. */
    readonly previousRelation: string | undefined;
    /** The day of the build in UTC. */
    readonly builtOn: IsoDate;
    /** Relation text of leaves (whole, not narrowed to dates). */
    readonly bind: Bind;
}

/**
 * The query that evaluates a check. Its one row has `failing` (bigint; 0 is a pass; the number of bad rows, or 1 where
 * a check is about the table as a whole) and `observed` and `expected` (texts, null where rows are counted).
 */
export function checkSql(check: Check, context: CheckContext): string {
    const { thisRelation } = context;
    switch (check.kind) {
        case 'unique':
            return counting(
                'coalesce(sum(copies - 1), 0)',
                `(select count(*) as copies from ${thisRelation} as checked group by ${check.columns.join(', ')})`,
            );
        case 'not_null':
            return counting('count(*)', thisRelation, check.columns.map((name) => `${name} is null`).join(' or '));
        case 'accepted_values':
            return counting(
                'count(*)',
                thisRelation,
                `cast(${check.column} as varchar) not in (${check.values.map(quote).join(', ')})`,
            );
        case 'relationship':
            return counting(
                'count(*)',
                thisRelation,
                `${check.column} is not null and not exists (select 1 from ${other(check.to, context)} as referred where referred.${check.toColumn} = checked.${check.column})`,
            );
        case 'rows':
            return counting('count(*)', `(\n${fillTemplate(check.sql, (ref) => other(ref, context))}\n)`);
        case 'row_count_delta':
            return rowCountDelta(check.atMost, context);
        case 'reconcile':
            return reconcile(check, context);
        case 'freshness':
            return freshness(check, context);
    }
}

function other(name: string, { graph, model, thisRelation, bind }: CheckContext): string {
    return name === THIS_RELATION || name === model ? thisRelation : relationSql(graph, name, bind);
}

function counting(count: string, relation: string, where?: string): string {
    return [
        `select cast(${count} as bigint) as failing, cast(null as varchar) as observed, cast(null as varchar) as expected`,
        `from ${relation} as checked`,
        ...(where === undefined ? [] : [`where ${where}`]),
    ].join('\n');
}

/** With no earlier version, or an empty one, there is nothing to differ from. */
function rowCountDelta(atMost: number, { thisRelation, previousRelation }: CheckContext): string {
    const before = previousRelation === undefined ? '0' : `(select count(*) from ${previousRelation} as earlier)`;
    return verdict(
        `before_rows > 0 and abs(now_rows - before_rows) > ${double(atMost)} * before_rows`,
        `cast(now_rows as varchar) || ' rows'`,
        `cast(before_rows as varchar) || ${quote(` rows, give or take ${atMost * 100} %`)}`,
        `(select (select count(*) from ${thisRelation} as built) as now_rows, ${before} as before_rows)`,
    );
}

function reconcile(check: Extract<Check, { kind: 'reconcile' }>, context: CheckContext): string {
    const ours = `(select sum(${check.column}) from ${context.thisRelation} as ours)`;
    const theirs = `(select sum(${check.otherColumn}) from ${other(check.other, context)} as theirs)`;
    return verdict(
        `abs(coalesce(our_sum, 0) - coalesce(their_sum, 0)) > ${double(check.tolerance)}`,
        'cast(our_sum as varchar)',
        'cast(their_sum as varchar)',
        `(select ${ours} as our_sum, ${theirs} as their_sum)`,
    );
}

/** An empty table is not fresh. */
function freshness(check: Extract<Check, { kind: 'freshness' }>, { thisRelation, builtOn }: CheckContext): string {
    return verdict(
        `newest is null or date_diff('day', newest, date '${builtOn}') > ${double(check.atMostDays)}`,
        'cast(newest as varchar)',
        quote(`at most ${check.atMostDays} days before ${builtOn}`),
        `(select cast(max(${check.column}) as date) as newest from ${thisRelation} as built)`,
    );
}

function verdict(isBad: string, observed: string, expected: string, relation: string): string {
    return [
        `select cast(case when ${isBad} then 1 else 0 end as bigint) as failing, ${observed} as observed, ${expected} as expected`,
        `from ${relation} as checked`,
    ].join('\n');
}

function quote(text: string): string {
    return `'${text.replaceAll("'", "''")}'`;
}

/** `0.1` alone is a decimal in both engines. */
function double(value: number): string {
    return `cast(${value} as double)`;
}
