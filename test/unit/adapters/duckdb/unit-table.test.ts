import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type Database } from '#adapters/duckdb/database.ts';
import { createUnitTableReader } from '#adapters/duckdb/unit-table.ts';
import { analyseTable, type TableQuestion } from '#core/experiment/table/analyse-table.ts';
import { parseCap, parseCovariate, parseGuardrail, parseMetric, parseQuantile } from '#core/experiment/table/spec.ts';
import { reportForms } from '#core/report/experiment/forms.ts';
import { cupedComparison } from '#stats/cuped.ts';
import { jointMomentsOf } from '#stats/joint-moments.ts';
import { momentsOf } from '#stats/moments.ts';
import { quantileEstimate } from '#stats/quantile-effect.ts';
import { compareEstimates, compareMeans } from '#stats/welch.ts';
import { winsoriseCap } from '#stats/winsorise.ts';

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
    covariates: [],
    caps: [],
    quantiles: [],
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
        const { goals, verdict } = await analyse(arms([1.5], [2]));

        expect(goals[0]?.test).toMatchObject({ status: 'too_few_units' });
        expect(verdict).toMatchObject({
            decision: 'keep_running',
            because: 'Nothing can be concluded. y (b): no result. Needs at least two users in each arm.',
        });
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
            expect(verdict.decision).toBe('keep_running');
            expect(verdict.because).toMatch(/^Nothing can be concluded\..*All users did the same in both arms/);
        }
    });

    it('a negative control mean', async () => {
        const { goals } = await analyse(arms([-5, -6, -4, -5], [-3, -4, -2, -3]));

        expect(goals[0]).toMatchObject({ lift: { status: 'ok', value: expect.closeTo(0.4, 10) } });
    });

    it('zero variance', async () => {
        const { goals, verdict } = await analyse(arms([5, 5, 5], [5, 5, 5]));

        expect(goals[0]?.test).toMatchObject({ status: 'no_variation' });
        expect(verdict.because).toContain('All users have the same value, so there is nothing to test.');
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

    it('an arm with users and no share, where no other is left to compare', async () => {
        const { verdict } = await analyse(arms([1, 2, 3], [2, 3, 4]), {
            split: new Map([
                ['a', 1],
                ['b', 0],
            ]),
        });

        expect(verdict.because).toContain('3 users are in arms the plan gives no traffic');
    });

    it('an arm with a share and no users', async () => {
        const { verdict } = await analyse(
            arms(
                many(50, (i) => i),
                [],
            ),
            {
                split: new Map([
                    ['a', 1],
                    ['b', 1],
                ]),
            },
        );

        expect(verdict).toMatchObject({ decision: 'invalid', because: expect.stringContaining('a 50, b 0') });
    });

    it('three arms of which one has a single user', async () => {
        const { goals, verdict } = await analyse(
            [
                ...arms(
                    many(60, (i) => i % 3),
                    many(60, (i) => i % 4),
                ),
                'c,1',
            ],
            {
                split: new Map([
                    ['a', 60],
                    ['b', 60],
                    ['c', 1],
                ]),
            },
        );

        expect(goals.map(({ treatment, test }) => [treatment.variant, test.status])).toEqual([
            ['b', 'ok'],
            ['c', 'too_few_units'],
        ]);
        expect(verdict.arms.find(({ variant }) => variant === 'c')?.reasons[0]).toMatch(/^Nothing can be concluded/);
    });

    it('outcomes that the arm foretells', async () => {
        const { goals } = await analyse(
            arms(
                many(50, () => 0),
                many(50, () => 1),
            ),
        );

        expect(goals[0]).toMatchObject({ test: { status: 'ok' }, lift: { status: 'no_baseline' } });
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

describe('the other readings of a table', () => {
    /** 400 units whose outcome follows what was known before, with a lift of 2 in b. */
    const lines = many(400, (i) => {
        const before = (i * 37) % 101;
        return `${i % 2 ? 'b' : 'a'},${before + (i % 7) + (i % 2 ? 2 : 0)},${before},${1 + (i % 3)},${1 + ((i >> 1) % 2)}`;
    });
    const head = 'arm,y,before,d,d_before';
    const readingOf = (analysis: Awaited<ReturnType<typeof analyse>>, kind: string) =>
        analysis.readings[0]?.readings.find((reading) => reading.kind === kind);

    it('takes into account what was known before', async () => {
        const analysis = await analyse([head, ...lines], { covariates: [parseCovariate('before')] });
        const cuped = readingOf(analysis, 'cuped');

        expect(cuped?.note).toMatch(/^before explains 9\d\.\d% of the spread/);
        expect(cuped?.varianceReduction).toBeGreaterThan(0.9);
        expect(cuped?.outcome).toMatchObject({ status: 'ok', difference: { value: expect.closeTo(2, 0) } });
        expect(analysis.trust.find(({ id }) => id === 'pre_exposure_bias')?.level).toBe('ok');
    });

    it('agrees with the joint moments of the rows themselves, missing covariates counting as the mean', async () => {
        const values = many(60, (i) => ({
            arm: i % 2 ? 'b' : 'a',
            y: (i * 7) % 13,
            x: i % 10 === 3 ? null : (i * 5) % 11,
        }));
        const known = values.flatMap(({ x }) => x ?? []);
        const mean = known.reduce((sum, x) => sum + x, 0) / known.length;
        const joint = (arm: string) =>
            jointMomentsOf(values.filter((one) => one.arm === arm).map(({ y, x }) => ({ y, x: x ?? mean })));
        const expected = cupedComparison(joint('a'), joint('b'), { alpha: 0.05 });
        const text = values.map(({ arm, y, x }) => `${arm},${y},${x ?? ''}`);

        const outcome = readingOf(
            await analyse(['arm,y,x', ...text], { covariates: [parseCovariate('y=x')] }),
            'cuped',
        )?.outcome;

        if (expected.status !== 'ok' || outcome?.status !== 'ok') throw new Error('no reading');
        expect(outcome.difference.value).toBeCloseTo(expected.difference, 12);
        expect(outcome.pValue).toBeCloseTo(expected.pValue, 12);
    });

    it('takes into account a ratio before for a ratio', async () => {
        const question = { goals: [parseMetric('y/d')], covariates: [parseCovariate('y/d=before/d_before')] };
        const analysis = await analyse([head, ...lines], question);
        const cuped = readingOf(analysis, 'cuped');

        expect(cuped?.outcome.status).toBe('ok');
        expect(cuped?.varianceReduction).toBeGreaterThan(0.05);
        expect(cuped?.note).toContain('before per d_before explains');
    });

    it('says when the arms differed before: then nothing can be read', async () => {
        const biased = many(400, (i) => `${i % 2 ? 'b' : 'a'},${i % 9},${(i % 20) + (i % 2) * 20}`);
        const { verdict } = await analyse(['arm,y,before', ...biased], { covariates: [parseCovariate('before')] });

        expect(verdict.decision).toBe('invalid');
        expect(verdict.because).toMatch(/^The arms differed in before before b could make a difference/);
    });

    it('says when the covariate is the same for everybody', async () => {
        const flat = many(40, (i) => `${i % 2 ? 'b' : 'a'},${i % 9},3`);
        const cuped = readingOf(await analyse(['arm,y,x', ...flat], { covariates: [parseCovariate('x')] }), 'cuped');

        expect(cuped?.note).toBe('x is the same for everybody, so there is nothing to adjust for.');
    });

    it('lowers the largest values to one quantile of all arms together', async () => {
        const spend = many(400, (i) => `${i % 2 ? 'b' : 'a'},${i % 4 < 2 ? 0 : i}`);
        const analysis = await analyse(['arm,y', ...spend], { caps: [parseCap('y=90%,nonzero')] });
        const values = many(400, (i) => (i % 4 < 2 ? 0 : i));
        const cap = winsoriseCap(values, { quantile: 0.9, ignoreZeros: true });
        const lowered = (arm: number) =>
            momentsOf(
                values.filter((_, i) => i % 2 === arm).map((y) => Math.min(y, cap.status === 'ok' ? cap.cap : 0)),
            );
        const expected = compareMeans(lowered(0), lowered(1), 0.05);
        const outcome = readingOf(analysis, 'winsorised')?.outcome;

        expect(analysis.diagnostics.caps[0]).toMatchObject({
            quantile: 0.9,
            cap: expect.closeTo(cap.status === 'ok' ? cap.cap : 0, 9),
        });
        if (expected.status !== 'ok' || outcome?.status !== 'ok') throw new Error('no reading');
        expect(outcome.difference.value).toBeCloseTo(expected.difference, 10);
        expect(outcome.pValue).toBeCloseTo(expected.pValue, 10);
    });

    it('lowers both columns of a ratio', async () => {
        const question = { goals: [parseMetric('y/d')], caps: [parseCap('y/d=80%')] };
        const capped = readingOf(await analyse([head, ...lines], question), 'winsorised');

        expect(capped?.outcome.status).toBe('ok');
        expect(capped?.note).toMatch(/^Values above .* \(d: 3\.00000\) lowered to it: \d+ in a, \d+ in b\.$/);
    });

    it('has no capped reading where nothing is left to take a quantile of', async () => {
        const none = many(40, (i) => `${i % 2 ? 'b' : 'a'},0`);
        const analysis = await analyse(['arm,y', ...none], { caps: [parseCap('y=99%,nonzero')] });

        expect(readingOf(analysis, 'winsorised')).toBeUndefined();
    });

    it('compares quantiles of rows, which agree with those of the values', async () => {
        const values = many(600, (i) => (i * 7919) % 601);
        const text = values.map((y, i) => `${i % 2 ? 'b' : 'a'},1,${y + (i % 2) * 30}`);
        const { diagnostics } = await analyse(['arm,y,ms', ...text], { quantiles: [parseQuantile('ms')] });
        const [p50] = diagnostics.quantiles[0]!.rows;
        const arm = (one: number) =>
            quantileEstimate(
                values.filter((_, i) => i % 2 === one).map((y) => y + one * 30),
                0.5,
                0.05,
            );
        const [control, treatment] = [arm(0), arm(1)];
        if (control.status !== 'ok' || treatment.status !== 'ok') throw new Error('no quantile');
        const expected = compareEstimates(control, treatment, 0.05);

        expect(diagnostics.quantiles[0]).toMatchObject({ label: 'ms', variant: 'b' });
        expect(p50).toMatchObject({ probability: 0.5, control: control.value, treatment: treatment.value });
        if (expected.status !== 'ok' || p50?.difference.status !== 'ok') throw new Error('no difference');
        expect(p50.difference.low).toBeCloseTo(expected.interval.lower, 8);
    });

    it('widens the interval of a quantile when the rows of a unit are alike', async () => {
        const views = many(1200, (i) => {
            const user = Math.floor(i / 6);
            return `${user},${user % 2 ? 'b' : 'a'},1,${((user * 7919) % 401) + (i % 6)}`;
        });
        const quantiles = [parseQuantile('ms=50%')];
        const [alike, apart] = [
            await analyse(['user,arm,y,ms', ...views], { unit: 'user', quantiles }),
            await analyse(['user,arm,y,ms', ...views], { quantiles }),
        ].map(({ diagnostics }) => diagnostics.quantiles[0]!.rows[0]!.difference);

        if (alike?.status !== 'ok' || apart?.status !== 'ok') throw new Error('no difference');
        expect((alike.high - alike.low) / (apart.high - apart.low)).toBeGreaterThan(2);
    });

    it('says when the rows are too few for a quantile, or share one value', async () => {
        const few = await analyse(['arm,y', 'a,1', 'a,2', 'b,2', 'b,4'], { quantiles: [parseQuantile('y=99%')] });
        const flat = await analyse(['arm,y,q', ...many(100, (i) => `${'ab'[i % 2]},${i % 5},7`)], {
            quantiles: [parseQuantile('q=50%')],
        });
        const why = (analysis: typeof few) => analysis.diagnostics.quantiles[0]!.rows[0]!.difference;

        expect(why(few)).toMatchObject({ why: 'Too few rows for this quantile.' });
        expect(why(flat)).toMatchObject({ why: 'Too many rows share this value for an interval.' });
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
        ['a covariate of words', { covariates: [parseCovariate('arm')] }, /^The covariate arm needs numbers/],
        ['a quantile of words', { quantiles: [parseQuantile('arm')] }, /^The quantile of arm needs numbers/],
        [
            'a goal as its own covariate',
            { covariates: [parseCovariate('y')] },
            /^The goal y cannot be its own covariate/,
        ],
        [
            'a covariate of no goal',
            { covariates: [parseCovariate('z=y')] },
            /^--covariate is for a goal, and there is no --metric z\. Goals are y\.$/,
        ],
        [
            'a ratio as the covariate of a mean',
            { covariates: [parseCovariate('a/b')] },
            /^The covariate a per b fits no goal:/,
        ],
        [
            'a column as the covariate of a ratio',
            { goals: [parseMetric('y/d')], covariates: [parseCovariate('y/d=x')] },
            /^The covariate x fits no goal y per d:/,
        ],
        [
            'two covariates of a goal',
            { covariates: [parseCovariate('x'), parseCovariate('y=z')] },
            /^The goal y has two covariates\. Name one\.$/,
        ],
        ['a cap of no goal', { caps: [parseCap('z')] }, /^--cap is for a goal, and there is no --metric z/],
        ['two caps of a goal', { caps: [parseCap('y'), parseCap('y=99%')] }, /^The goal y has two caps\. Name one\.$/],
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
