import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type Database } from '#adapters/duckdb/database.ts';
import { createUnitTableReader } from '#adapters/duckdb/unit-table.ts';
import { analyseTable, type TableQuestion } from '#core/experiment/table/analyse-table.ts';
import { parseGuardrail, parseMetric } from '#core/experiment/table/spec.ts';
import { reportForms } from '#core/report/experiment/forms.ts';

let folder: string;
let database: Database;

beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cartlake-units-'));
    database = createDatabase({ temporary: folder, threads: 1 });
});

afterAll(async () => {
    database.close();
    await rm(folder, { recursive: true, force: true });
});

const QUESTION: TableQuestion = {
    path: '',
    arm: 'arm',
    control: null,
    unit: null,
    goals: [parseMetric('y')],
    guardrails: [],
    lowerIsBetter: [],
    segments: [],
    split: null,
    alpha: 0.05,
    currency: null,
};

let files = 0;

/** Analyses a table and renders every form of its report: none may throw or print what is no number. */
async function analyse(lines: readonly string[], question: Partial<TableQuestion> = {}) {
    const path = join(folder, `table-${files++}.csv`);
    await writeFile(path, `${lines.join('\n')}\n`);
    const analysis = await analyseTable(createUnitTableReader(database), { ...QUESTION, path, ...question });
    const forms = reportForms(analysis, { generatedAt: '2024-01-01T00:00:00.000Z', dataThrough: null, run: null });
    expect(forms.get('index.html')).not.toMatch(/NaN|undefined|Infinity|\bnull\b/);
    return analysis;
}

const rows = (arm: string, values: readonly (number | string)[]) => values.map((value) => `${arm},${value}`);
const many = <T>(count: number, value: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => value(i));

describe('a table of units', () => {
    it('is compared as its values are: shares of 0 and 1, means of numbers', async () => {
        const share = await analyse([
            'arm,y',
            ...rows(
                'a',
                many(50, (i) => i % 2),
            ),
            ...rows(
                'b',
                many(50, (i) => +(i % 5 === 0)),
            ),
        ]);
        const mean = await analyse(['arm,y', ...rows('a', [1, 2, 3, 4]), ...rows('b', [2, 3, 4, 6])]);

        expect(share.goals[0]).toMatchObject({
            test: { method: 'two_proportion_z' },
            control: { numerator: 25, units: 50 },
        });
        expect(mean.goals[0]).toMatchObject({ test: { method: 'welch_t' }, difference: { value: 1.25 } });
    });

    it('takes true and false as 1 and 0', async () => {
        const { goals } = await analyse([
            'arm,y',
            ...rows(
                'a',
                many<string>(20, (i) => (i % 2 ? 'true' : 'False')),
            ),
            ...rows(
                'b',
                many(20, (i) => +(i % 4 === 0)),
            ),
        ]);

        expect(goals[0]?.control.numerator).toBe(10);
    });

    it('adds up the rows of a unit', async () => {
        const lines = ['id,arm,y,d', '1,a,1,2', '1,a,3,2', '2,a,2,1', '3,a,1,1', '4,b,5,2', '5,b,2,2', '6,b,1,4'];
        const { goals } = await analyse(lines, { unit: 'id', goals: [parseMetric('y'), parseMetric('y/d')] });

        expect(goals[0]?.control).toMatchObject({ units: 3, numerator: 7 });
        expect(goals[1]?.control).toMatchObject({ numerator: 7, denominator: 6 });
    });

    it('leaves out units of two arms and says so', async () => {
        const ids = many(300, (i) => `${i},${i % 2 ? 'a' : 'b'},${i % 3}`);
        const { trust, exposure } = await analyse(['id,arm,y', ...ids, '0,a,1'], { unit: 'id' });

        expect(exposure).toMatchObject({ units: 299, severalVariants: 1 });
        expect(trust.find(({ id }) => id === 'several_variants')?.level).toBe('caution');
    });

    it('is compared in its segments', async () => {
        const lines = many(400, (i) => `${i % 2 ? 'a' : 'b'},${i % 3 === 0 ? 1 : 0},${i % 4 < 2 ? 'm' : 'd'}`);
        const { segments } = await analyse(['arm,y,device', ...lines], { segments: ['device'] });

        expect(segments[0]).toMatchObject({ dimension: 'device', interaction: { status: 'ok' } });
    });

    it('judges guardrails by their margin', async () => {
        const lines = many(400, (i) => `${i % 2 ? 'a' : 'b'},${i % 3},${(i >> 1) % 4}`);
        const { guardrails } = await analyse(['arm,y,g', ...lines], { guardrails: [parseGuardrail('g=50%')] });

        expect(guardrails[0]).toMatchObject({ verdict: 'pass', reading: 'fixed' });
    });

    it('reads Parquet', async () => {
        const path = join(folder, 'units.parquet');
        await database.session((session) =>
            session.run(
                `copy (select case when i % 2 = 0 then 'a' else 'b' end as arm, i % 7 as y from range(100) t(i)) to '${path}'`,
            ),
        );

        const analysis = await analyseTable(createUnitTableReader(database), { ...QUESTION, path });

        expect(analysis.exposure.units).toBe(100);
    });
});

describe('a table that cannot decide gives a page that says why', () => {
    const arms = (a: readonly (number | string)[], b: readonly (number | string)[]) => [
        'arm,y',
        ...rows('a', a),
        ...rows('b', b),
    ];

    it('one arm', async () => {
        const { verdict } = await analyse(arms([1, 2, 3], []));

        expect(verdict).toMatchObject({ decision: 'invalid', because: expect.stringContaining('nothing to compare') });
    });

    it('no rows at all', async () => {
        expect((await analyse(['arm,y'])).verdict.because).toContain('Nobody has been exposed');
    });

    it('one user an arm', async () => {
        expect((await analyse(arms([1.5], [2]))).goals[0]?.test).toMatchObject({ status: 'too_few_units' });
    });

    it('no conversions, and nothing but conversions', async () => {
        for (const value of [0, 1]) {
            const { goals, verdict } = await analyse(
                arms(
                    many(40, () => value),
                    many(40, () => value),
                ),
            );

            expect(goals[0]?.test).toMatchObject({ status: 'no_conversions' });
            expect(verdict.decision).not.toBe('ship');
        }
    });

    it('a negative control mean', async () => {
        const { goals } = await analyse(arms([-5, -6, -4, -5], [-3, -4, -2, -3]));

        expect(goals[0]).toMatchObject({ lift: { status: 'ok', value: expect.closeTo(0.4, 10) } });
    });

    it('zero variance', async () => {
        expect((await analyse(arms([5, 5, 5], [5, 5, 5]))).goals[0]?.test).toMatchObject({ status: 'no_variation' });
    });

    it('infinite and missing values', async () => {
        const { trust, goals } = await analyse(arms([1, 2, 3, 'inf', ''], [2, 3, 'nan', 'NA', 4]));
        const values = trust.find(({ id }) => id === 'values');

        expect(values).toMatchObject({ level: 'caution', measured: 'y: 2 missing, 2 infinite or not a number' });
        expect(goals[0]).toMatchObject({ control: { units: 3 }, treatment: { units: 3 } });
    });

    it('an unequal split that was not planned, and one that was', async () => {
        const lines = arms(
            many(900, (i) => i % 3),
            many(100, (i) => i % 3),
        );

        expect((await analyse(lines)).verdict.because).toContain('Sample ratio mismatch');
        const planned = await analyse(lines, {
            split: new Map([
                ['a', 9],
                ['b', 1],
            ]),
        });
        expect(planned.sampleRatios[0]?.level).toBe('ok');
    });

    it('users in an arm of weight 0', async () => {
        const { verdict } = await analyse([...arms([1, 2, 3], [2, 3, 4]), 'c,1'], {
            split: new Map([
                ['a', 1],
                ['b', 1],
                ['c', 0],
            ]),
        });

        expect(verdict).toMatchObject({
            decision: 'invalid',
            because: expect.stringContaining('arms the plan gives no traffic'),
        });
    });

    it('values a thousand million away from zero', async () => {
        const near = await analyse(arms([1, 2, 3, 4], [2, 3, 4, 6]));
        const far = await analyse(
            arms(
                [1, 2, 3, 4].map((y) => y + 1e9),
                [2, 3, 4, 6].map((y) => y + 1e9),
            ),
        );

        expect(far.goals[0]?.difference).toEqual(near.goals[0]?.difference);
    });

    it('twelve segments with one user each', async () => {
        const lines = many(24, (i) => `${i % 2 ? 'a' : 'b'},${i % 5},s${i >> 1}`);
        const { segments } = await analyse(['arm,y,s', ...lines], { segments: ['s'] });

        expect(segments[0]?.rows).toHaveLength(12);
        expect(segments[0]?.sentence).toContain('Nothing can be said');
    });

    it('rows without an arm', async () => {
        const { trust } = await analyse([...arms([1, 2, 3], [2, 3, 4]), ',7']);

        expect(trust.find(({ id }) => id === 'without_arm')).toMatchObject({ level: 'caution' });
    });
});

describe('a question that does not fit its table is refused', () => {
    const lines = ['arm,y', 'a,1', 'b,2'];

    it.each<[string, Partial<TableQuestion>, RegExp]>([
        ['a column that is not there', { goals: [parseMetric('z')] }, /has no column "z"\. It has: arm, y\.$/],
        [
            'a metric of words',
            { goals: [parseMetric('arm')] },
            /^The metric arm needs numbers, found 2 values that are none/,
        ],
        ['a share of numbers', { goals: [parseMetric('y:proportion')] }, /^The share y needs values 0 and 1/],
        ['a control that is no arm', { control: 'c' }, /^There is no arm "c" in column arm\. Arms are a, b\./],
        [
            'a metric twice',
            { goals: [parseMetric('y'), parseMetric('y')] },
            /^Expected each metric once, found y twice/,
        ],
    ])('%s', async (_, question, message) => {
        await expect(analyse(lines, question)).rejects.toThrow(message);
    });

    it('a file that is not there', async () => {
        await expect(analyseTable(createUnitTableReader(database), { ...QUESTION, path: 'no.csv' })).rejects.toThrow(
            /^Cannot read no\.csv/,
        );
    });

    it('a file that is no table', async () => {
        const path = join(folder, 'broken.parquet');
        await writeFile(path, 'not parquet');

        await expect(analyseTable(createUnitTableReader(database), { ...QUESTION, path })).rejects.toThrow(
            /is no table that can be read/,
        );
    });

    it('a segment column with a value for everybody', async () => {
        const wide = ['arm,y,s', ...many(202, (i) => `${i % 2 ? 'a' : 'b'},1,${i}`)];

        await expect(analyse(wide, { segments: ['s'] })).rejects.toThrow(/cuts the units into 202 segments/);
    });
});
