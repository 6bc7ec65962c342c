import { describe, expect, it } from 'vitest';
import { UsageError } from '#core/errors.ts';
import { compileModels, type ModelSources } from '#core/models/compile.ts';
import type { TypeScriptModel } from '#core/models/model.ts';

type File = ModelSources['files'][number];

function view(name: string, ...refs: string[]): File {
    return model(name, 'kind: view', refs);
}

function table(name: string, ...refs: string[]): File {
    return model(name, 'kind: table\nkey: [id]', refs);
}

function byDate(name: string, ...refs: string[]): File {
    return model(name, 'kind: by_date\nkey: [id]\ndate: day', refs);
}

function model(name: string, header: string, refs: readonly string[]): File {
    const from = refs.map((ref) => `{{ ref('${ref}') }}`).join(' cross join ');
    const text = `/* ---\nmodel: ${name}\npurpose: A test.\ngrain: one row per id\n${header}\n--- */\nselect * from ${from}`;
    return { name: `models/${name}.sql`, text };
}

function typescript(overrides: Partial<TypeScriptModel> = {}): TypeScriptModel {
    return {
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
        refs: ['fct_events'],
        columns: [{ name: 'id', type: 'bigint' }],
        code: '1',
        build: () => [],
        ...overrides,
    };
}

function compile(files: readonly File[], typescriptModels: readonly TypeScriptModel[] = []) {
    return compileModels({ files, typescriptModels, datasets: ['events', 'users'], dateDatasets: ['events'] });
}

const SHOP = [
    view('stg_events', 'events'),
    view('stg_users', 'users'),
    byDate('fct_events', 'stg_events', 'contract_parameters'),
    table('dim_users', 'stg_users'),
    byDate('outcomes', 'fct_events', 'dim_users'),
    table('report', 'outcomes', 'dim_users'),
];

describe('the graph of compiled models', () => {
    it('orders models after what they depend on, whatever the order of the files', () => {
        const names = [...compile([...SHOP].reverse()).models.keys()];

        expect(names).toEqual(['stg_users', 'dim_users', 'stg_events', 'fct_events', 'outcomes', 'report']);
    });

    it('groups stored models into levels', () => {
        expect(compile(SHOP).components).toEqual([[['dim_users', 'fct_events'], ['outcomes'], ['report']]]);
    });

    it('keeps models apart that have nothing to do with each other, though they read the same dataset', () => {
        const graph = compile([
            ...SHOP,
            table('by_country', 'stg_users'),
            table('by_page', 'events', 'contract_parameters'),
            table('pages', 'by_page'),
        ]);

        expect(graph.components).toEqual([
            [['by_country']],
            [['by_page'], ['pages']],
            [['dim_users', 'fct_events'], ['outcomes'], ['report']],
        ]);
    });

    it('puts together what is joined late, through a view or by what a check compares', () => {
        const check = '\nchecks:\n  - relationship: {column: id, to: c, toColumn: id}';
        const graph = compile([
            table('a', 'events'),
            table('b', 'users'),
            table('c', 'events'),
            table('d', 'users'),
            view('both', 'a', 'b'),
            table('late', 'both'),
            model('late_too', `kind: table\nkey: [id]${check}`, ['a']),
        ]);

        expect(graph.components).toEqual([
            [
                ['a', 'b', 'c'],
                ['late', 'late_too'],
            ],
            [['d']],
        ]);
    });

    it('sees through views upstream', () => {
        const graph = compile([...SHOP, view('all_of_it', 'outcomes', 'stg_events'), table('late', 'all_of_it')]);

        expect(graph.upstream('fct_events')).toEqual(['events', 'contract_parameters']);
        expect(graph.upstream('late')).toEqual(['outcomes', 'events']);
    });

    it('knows which inputs are read for the dates being built, and which for nothing else, also through views', () => {
        const reading = (name: string, header: string, from: string): File => ({
            name: `models/${name}.sql`,
            text: `/* ---\nmodel: ${name}\npurpose: A test.\ngrain: one row per id\n${header}\n--- */\nselect * from ${from}`,
        });
        const [own, all] = ["{{ ref('fct_events', 'own dates') }}", "{{ ref('fct_events') }}"];
        const graph = compile([
            ...SHOP,
            reading('seen', 'kind: view', own),
            reading('a', 'kind: by_date\nkey: [id]\ndate: day\nlookback: 7', "{{ ref('seen') }}, {{ ref('events') }}"),
            reading('b', 'kind: by_date\nkey: [id]\ndate: day\nlookback: 7', `{{ ref('seen') }}, ${all}`),
        ]);

        expect(graph.upstream('a')).toEqual(['fct_events', 'events']);
        expect(graph.ownDates('a')).toEqual({ some: new Set(['fct_events']), only: new Set(['fct_events']) });
        expect(graph.ownDates('b')).toEqual({ some: new Set(['fct_events']), only: new Set() });
        expect(graph.ownDates('report').some.size).toBe(0);
    });

    it('finds what depends on a dataset, a view, a model or a built-in relation, however indirectly', () => {
        const graph = compile(SHOP);

        expect(graph.downstream('users')).toEqual(['dim_users', 'outcomes', 'report']);
        expect(graph.downstream('stg_events')).toEqual(['fct_events', 'outcomes', 'report']);
        expect(graph.downstream('contract_parameters')).toEqual(['fct_events', 'outcomes', 'report']);
        expect(graph.downstream('report')).toEqual([]);
    });

    it('has TypeScript models like any other', () => {
        const graph = compile(SHOP, [typescript()]);

        expect(graph.components).toEqual([[['dim_users', 'fct_events'], ['decision', 'outcomes'], ['report']]]);
        expect(graph.downstream('events')).toContain('decision');
    });

    it('builds a model after the source of its watermark and after what its checks compare with', () => {
        const graph = compile([
            view('stg_events', 'events'),
            byDate('z_events', 'stg_events'),
            model('a', 'kind: by_date\nkey: [id]\ndate: day\nwatermark: z_events', ['events', 'watermarks']),
            model(
                'b',
                'kind: table\nkey: [id]\nchecks:\n  - relationship: {column: id, to: z_events, toColumn: id}\n  - reconcile: {column: n, other: stg_events, otherColumn: n}',
                ['users'],
            ),
        ]);

        expect(graph.components).toEqual([[['z_events'], ['a', 'b']]]);
        expect(graph.upstream('a')).toEqual(['events', 'watermarks']);
        expect(graph.downstream('z_events')).toEqual(['a']);
        expect(graph.checkInputs('b')).toEqual(['z_events', 'events']);
    });

    it('lets a check compare a model with itself', () => {
        const graph = compile([
            model(
                'tree',
                'kind: table\nkey: [id]\nchecks:\n  - relationship: {column: parent, to: tree, toColumn: id}',
                ['users'],
            ),
        ]);

        expect(graph.checkInputs('tree')).toEqual([]);
    });

    it('changes the code of a model when a view it reads, or compares with, changes', () => {
        const before = compile(SHOP);
        const changed = view('stg_users', 'users', 'users');
        const after = compile(SHOP.map((file) => (file.name === changed.name ? changed : file)));

        expect(after.code('dim_users')).not.toBe(before.code('dim_users'));
        expect(after.code('fct_events')).toBe(before.code('fct_events'));
        expect(after.code('report')).toBe(before.code('report'));
    });
});

describe('models do not compile', () => {
    it.each<[string, File[], RegExp]>([
        ['with an unknown ref', [table('a', 'user')], /ref\('user'\) is no model.*\(did you mean "users"\?\)/],
        [
            'with an unknown name in a check',
            [
                model('a', 'kind: table\nkey: [id]\nchecks: [{relationship: {column: id, to: uses, toColumn: id}}]', [
                    'users',
                ]),
            ],
            /models\/a.sql: check "relationship_id_uses": "uses" is no model.*did you mean "users"/,
        ],
        ['in a circle', [table('a', 'c'), view('b', 'a'), table('c', 'b')], /in a circle: a -> c -> b -> a/],
        ['when a model reads itself', [table('a', 'a')], /in a circle: a -> a/],
        [
            'in a circle through a check',
            [
                model('a', 'kind: table\nkey: [id]\nchecks: [{relationship: {column: id, to: b, toColumn: id}}]', [
                    'users',
                ]),
                table('b', 'a'),
            ],
            /in a circle: a -> b -> a/,
        ],
        ['with the name of a dataset', [table('users', 'events')], /"users" is the name of a dataset/],
        ['with the name of a built-in', [table('watermarks', 'users')], /"watermarks" is a name the engine gives/],
        ['with the name "this"', [table('this', 'users')], /"this" is a name the engine gives/],
        [
            'with one name twice',
            [table('a', 'users'), { ...table('a', 'users'), name: 'models/other/a.sql' }],
            /models\/other\/a.sql: models\/a.sql has the name "a" already/,
        ],
        ['by date from nothing by date', [byDate('a', 'users')], /a by_date model must read at least one by_date/],
        [
            'with watermarks but no watermark',
            [byDate('a', 'events', 'watermarks')],
            /ref\('watermarks'\) needs "watermark" in the header/,
        ],
        ['with watermarks in a view', [view('a', 'watermarks')], /a view cannot read ref\('watermarks'\)/],
        [
            'with a watermark nobody reads',
            [model('a', 'kind: table\nkey: [id]\nwatermark: events', ['events'])],
            /"watermark" has no effect/,
        ],
        [
            'with the watermark of something without dates',
            [model('a', 'kind: table\nkey: [id]\nwatermark: users', ['users', 'watermarks'])],
            /watermark "users" must be a by_date model or a dataset stored by date/,
        ],
        [
            'with own dates of something without dates',
            [{ ...byDate('a', 'events'), text: `${byDate('a', 'events').text} join {{ ref('users', 'own dates') }}` }],
            /ref\('users', 'own dates'\): users must be a by_date model or a dataset stored by date/,
        ],
        [
            'with own dates in a table',
            [{ ...table('a', 'events'), text: `${table('a').text} {{ ref('events', 'own dates') }}` }],
            /'own dates'\) has no meaning in a table/,
        ],
        [
            'with two models published to one table',
            [
                model('a', 'kind: table\nkey: [id]\npublish: out', ['users']),
                model('b', 'kind: table\nkey: [id]\npublish: out', ['users']),
            ],
            /models\/b.sql: models\/a.sql is published to "out" already/,
        ],
        [
            'with checks of no model',
            [{ name: 'models/x.checks.sql', text: '-- check: a\nselect 1' }],
            /models\/x.checks.sql: there is no model file/,
        ],
    ])('%s', (_case, files, message) => {
        expect(() => compile(files)).toThrow(UsageError);
        expect(() => compile(files)).toThrow(message);
    });

    it.each<[string, Partial<TypeScriptModel>, RegExp]>([
        ['an unknown ref', { refs: ['fct_event'] }, /TypeScript model decision: ref\('fct_event'\).*"fct_events"/],
        ['a name that is no name', { name: 'Decision' }, /"name" must be a lower-case name/],
        ['no purpose', { purpose: '' }, /"purpose" is missing/],
        ['no grain', { grain: ' ' }, /"grain" is missing/],
        ['no code', { code: '' }, /"code" is missing/],
        ['no key', { key: [] }, /a table model needs "key"/],
        ['another kind', { kind: 'view' as 'table' }, /a TypeScript model is a table, found kind "view"/],
        ['no columns', { columns: [], key: ['id'] }, /"columns" is empty/],
        ['a key that is no column', { key: ['user_id'] }, /key column "user_id" is not among the columns/],
        [
            'a column twice',
            {
                columns: [
                    { name: 'id', type: 'bigint' },
                    { name: 'id', type: 'date' },
                ],
            },
            /column "id" stands twice/,
        ],
    ])('with a TypeScript model that has %s', (_case, overrides, message) => {
        expect(() => compile(SHOP, [typescript(overrides)])).toThrow(message);
    });

    it('with all faults of all files in one message, and none that only follow from another', () => {
        const files = [
            { name: 'models/broken.sql', text: 'select 1' },
            table('reads_broken', 'broken'),
            table('lost', 'nowhere_at_all'),
        ];

        expect(() => compile(files)).toThrow(
            /^the models do not compile, 2 problems:\n- models\/broken.sql: [^\n]*\n- models\/lost.sql: ref\('nowhere_at_all'\) is no model, dataset or built-in relation$/,
        );
    });
});
