import { describe, expect, it } from 'vitest';
import { newPlanText } from '#core/experiment/declaration/new-plan.ts';
import { readPlan, readPlans } from '#core/experiment/declaration/read.ts';

const text = newPlanText('new_page', '2024-03-01');
const problems = (change: (text: string) => string, name = 'experiments/new_page.yaml') =>
    readPlan({ name, text: change(text) }).problems.map(({ line, where, expected, found }) => [
        line,
        where,
        expected,
        found,
    ]);

describe('a plan file', () => {
    it('is read with its shares, days and sizes', () => {
        const { plan } = readPlan({ name: 'new_page.yaml', text });

        expect(plan).toMatchObject({
            experimentId: 'new_page',
            declared: true,
            control: 'control',
            arms: [
                { variant: 'control', weight: 0.5 },
                { variant: 'treatment', weight: 0.5 },
            ],
            startsOn: '2024-03-01',
            endsOn: '2024-03-29',
            goals: ['purchased', 'revenue'],
            guardrails: [{ metric: 'bounce_rate', margin: 0.05 }, { metric: 'retained_day_7' }, {}],
            minimumLift: 0.05,
            plannedUnits: 100_000,
            anytimeTuningUnits: 100_000,
            power: 0.8,
            looks: { kind: 'every_build' },
        });
    });

    it('tunes the any-time test to the two arms that are compared', () => {
        const three = text
            .replace('control: 50%', 'control: 50%\n  other: 25%')
            .replace('treatment: 50%', 'treatment: 25%');

        expect(readPlan({ name: 'new_page.yaml', text: three }).plan?.anytimeTuningUnits).toBe(75_000);
    });

    it('takes looks at fixed sizes that end with the planned one', () => {
        const looks = (at: string) => text.replace('looks: every_build', `looks: {at: [${at}]}`);

        expect(readPlan({ name: 'new_page.yaml', text: looks('50000, 100000') }).plan?.looks).toEqual({
            kind: 'at_units',
            units: [50_000, 100_000],
        });
        expect(problems(() => looks('50000, 40000'))).toEqual([
            [expect.any(Number), 'looks.at[1]', 'more than 50000 users', '40000'],
            [expect.any(Number), 'looks.at', 'a last look at the planned size, 100000', '40000'],
        ]);
    });
});

describe('what is wrong with a plan file is said with its line', () => {
    const lineOf = (word: string) => text.split('\n').findIndex((line) => line.startsWith(word)) + 1;

    it('a key nobody knows, and what else is wrong beside it', () => {
        expect(problems((t) => t.replace('minimum_lift', 'minimum_lfit').replace('[purchased,', '[purchase,'))).toEqual(
            [
                [lineOf('minimum_lift'), 'minimum_lfit', 'only keys of an experiment plan', 'the key "minimum_lfit"'],
                [lineOf('goals'), 'goals[0]', 'a metric', '"purchase"'],
            ],
        );
    });

    it('a key that is missing', () => {
        expect(problems((t) => t.replace(/^size:.*$/m, ''))).toEqual([[3, 'size', 'a number', 'nothing']]);
    });

    it.each<[string, (text: string) => string, string, string, string]>([
        [
            'a hypothesis that is none',
            (t) => t.replace(/^hypothesis:.*$/m, 'hypothesis: better'),
            'hypothesis',
            'a sentence of at least 20 letters that can turn out wrong',
            '"better"',
        ],
        [
            'an end before the start',
            (t) => t.replace('end: 2024-03-29', 'end: 2024-02-29'),
            'end',
            'a day after 2024-03-01',
            '2024-02-29',
        ],
        [
            'a day that is none',
            (t) => t.replace('end: 2024-03-29', 'end: soon'),
            'end',
            'a day such as 2024-03-29'.replace('29', '01'),
            '"soon"',
        ],
        [
            'an arm without traffic alone',
            (t) => t.replace('treatment: 50%', 'treatment: 0'),
            'arms',
            'two arms or more with a share of the traffic',
            'control, treatment',
        ],
        [
            'a control without traffic',
            (t) => t.replace('  control: 50%', '  control: 0\n  other: 50%'),
            'arms.control',
            'a control arm with users',
            '0',
        ],
        [
            'a negative share',
            (t) => t.replace('  control: 50%', '  control: -1\n  other: 50%\n  third: 50%'),
            'arms.control',
            'a share of 0 or more',
            '-1',
        ],
        [
            'a control that is no arm',
            (t) => t.replace('control: control', 'control: old'),
            'control',
            'one of the arms control, treatment',
            '"old"',
        ],
        [
            'a share that is none',
            (t) => t.replace('treatment: 50%', 'treatment: half'),
            'arms.treatment',
            'a share such as 5% or 0.05',
            '"half"',
        ],
        [
            'a guardrail that is a goal',
            (t) => t.replace('bounce_rate: 5%', 'revenue: 5%'),
            'guardrails.revenue',
            'a metric that is no goal',
            'revenue',
        ],
        [
            'a margin of nothing',
            (t) => t.replace('bounce_rate: 5%', 'bounce_rate: 0%'),
            'guardrails.bounce_rate',
            'more than 0 and less than 1',
            '0',
        ],
        [
            'a segment nobody knows',
            (t) => t.replace('[device_type,', '[browser,'),
            'segments[0]',
            'something known of a user before exposure',
            '"browser"',
        ],
        [
            'a covariate that is not measured before',
            (t) => t.replace('covariates: [purchased, revenue]', 'covariates: [bounce_rate]'),
            'covariates[0]',
            'a metric that is measured before exposure too',
            '"bounce_rate"',
        ],
        [
            'an event twice',
            (t) => t.replace('[view_product, pdp_view]', '[add_to_cart, add_to_cart]'),
            'exposure[1]',
            'each name once',
            '"add_to_cart"',
        ],
        [
            'a goal twice',
            (t) => t.replace('[purchased, revenue]\n# How', '[revenue, revenue]\n# How'),
            'goals[1]',
            'each name once',
            '"revenue"',
        ],
        [
            'an alpha of a half',
            (t) => t.replace('alpha: 0.05', 'alpha: 0.5'),
            'alpha',
            'more than 0 and less than 0.5',
            '0.5',
        ],
        [
            'a power below a half',
            (t) => t.replace('power: 80%', 'power: 40%'),
            'power',
            'more than 0.5 and less than 1',
            '0.4',
        ],
        [
            'a size that is no whole number',
            (t) => t.replace('size: 100000', 'size: 10.5'),
            'size',
            'a whole number',
            '10.5',
        ],
        [
            'a lift of nothing',
            (t) => t.replace('minimum_lift: 5%', 'minimum_lift: 0'),
            'minimum_lift',
            'more than 0 and less than 10',
            '0',
        ],
        ['another unit', (t) => t.replace('unit: user', 'unit: session'), 'unit', '"user"', '"session"'],
        [
            'a currency that is none',
            (t) => `${t}currency: euro\n`,
            'currency',
            'an ISO 4217 code such as EUR',
            '"euro"',
        ],
    ])('%s', (_, change, where, expected, found) => {
        expect(problems(change)).toEqual([[expect.any(Number), where, expected, found]]);
    });

    it('a file name that names another experiment', () => {
        expect(problems((t) => t, 'experiments/old_page.yaml')).toEqual([
            [3, 'experiment', 'a file named new_page.yaml', 'old_page.yaml'],
        ]);
    });

    it('a file that is no YAML', () => {
        expect(problems(() => 'a: [')[0]?.[2]).toBe('one well-formed YAML document');
    });
});

describe('the plans of a project', () => {
    it('are refused together, in order of file and line', () => {
        const file = (name: string, broken: string) => ({
            name,
            text: text.replace('control: control', `control: ${broken}`),
        });

        expect(() => readPlans([file('b.yaml', 'x'), file('a.yaml', 'y')])).toThrow(
            /^4 problems in the experiment plans:\n {2}a\.yaml:3 experiment: .*\n {2}a\.yaml:\d+ control: .*\n {2}b\.yaml:3 .*\n {2}b\.yaml:/,
        );
    });

    it('are found by experiment', () => {
        expect([...readPlans([{ name: 'new_page.yaml', text }]).keys()]).toEqual(['new_page']);
    });
});

describe('a new plan file', () => {
    it('is a valid plan', () => {
        expect(readPlan({ name: 'new_page.yaml', text }).problems).toEqual([]);
    });

    it('needs a name the assignments can use', () => {
        expect(() => newPlanText('new page', '2024-03-01')).toThrow(
            /^Expected the name of an experiment .*found "new page"/,
        );
    });
});
