import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createProgram } from '#cli/program.ts';
import { temporaryFolder } from '#test/support/temporary.ts';

afterEach(() => {
    vi.restoreAllMocks();
    process.exitCode = 0;
});

/** Runs the command line here; what it said, and its exit code. */
async function run(...parameters: string[]) {
    const said = { out: '', error: '' };
    const hear = (name: keyof typeof said) => (text: string | Uint8Array) => {
        said[name] += String(text);
        return true;
    };
    vi.spyOn(process.stdout, 'write').mockImplementation(hear('out'));
    vi.spyOn(process.stderr, 'write').mockImplementation(hear('error'));
    process.exitCode = 0;
    const program = await createProgram('experiment');
    await program.parseAsync(['experiment', ...parameters], { from: 'user' });
    vi.restoreAllMocks();
    return { ...said, code: process.exitCode };
}

describe('cartlake experiment', () => {
    it('makes a plan file that its check accepts, once', async () => {
        const folder = await temporaryFolder();
        const options = ['--experiments', folder];

        expect(await run('new', 'page', '--start', '2024-03-01', ...options)).toMatchObject({ code: 0 });
        expect(await run('check', ...options)).toMatchObject({
            code: 0,
            out: expect.stringContaining('All plans are fine.'),
        });
        expect(await run('new', 'page', ...options)).toMatchObject({
            code: 2,
            error: expect.stringContaining('is there already'),
        });
        expect(await run('new', 'other', '--start', 'soon', ...options)).toMatchObject({
            code: 2,
            error: expect.stringContaining('--start is "soon"'),
        });
    });

    it('tells what is wrong with a plan file by line, with an exit code for scripts', async () => {
        const folder = await temporaryFolder();
        await run('new', 'page', '--start', '2024-03-01', '--experiments', folder);
        const file = join(folder, 'page.yaml');
        await writeFile(file, (await readFile(file, 'utf8')).replace('goals: [purchased', 'goals: [purchase'));

        const checked = await run('check', file);

        expect(checked.code).toBe(1);
        expect(checked.out).toMatch(
            /page\.yaml:16 goals\[0\]: expected a metric, found "purchase"\. Did you mean purchased\?/,
        );
        expect(await run('check', join(folder, 'none.yaml'))).toMatchObject({
            code: 2,
            error: expect.stringContaining('Cannot read'),
        });
    });

    it('says that a folder has no plans yet', async () => {
        expect((await run('check', '--experiments', await temporaryFolder())).out).toContain('No plan files.');
    });

    it('analyses a file of three arms and writes all forms', async () => {
        const folder = await temporaryFolder();
        const lines = Array.from({ length: 900 }, (_, i) => `${'abc'[i % 3]},${Number(i % 7 === 0)},${i % 11}`);
        await writeFile(join(folder, 'mail.csv'), ['arm,visit,spend', ...lines].join('\n'));

        const found = await run(
            'analyse',
            join(folder, 'mail.csv'),
            '--arm',
            'arm',
            '--metric',
            'visit',
            '--metric',
            'spend:mean',
            '--out',
            join(folder, 'out'),
            '--json',
        );

        const { goals, arms } = JSON.parse(found.out);
        expect(arms).toHaveLength(3);
        expect(goals.map((goal: { adjustedPValue: { status: string } }) => goal.adjustedPValue.status)).toEqual([
            'ok',
            'ok',
            'ok',
            'ok',
        ]);
        expect(await readFile(join(folder, 'out', 'index.html'), 'utf8')).toContain('a table of units, read once');
    });

    it('sizes an experiment from a share, without a lake', async () => {
        const { out, code } = await run(
            'plan',
            'pdp',
            '--lift',
            '6%',
            '--base-rate',
            '4.24%',
            '--experiments',
            await temporaryFolder(),
        );

        expect(code).toBe(0);
        expect(out).toContain('101,280 users an arm on the arcsine scale');
    });

    it('reads goals otherwise as the options say', async () => {
        const folder = await temporaryFolder();
        const path = join(folder, 'mail.csv');
        const lines = Array.from(
            { length: 900 },
            (_, i) => `${'abc'[i % 3]},${i % 11},${(i % 11) + (i % 4)},${i % 50}`,
        );
        await writeFile(path, ['arm,spend,before,ms', ...lines].join('\n'));

        const question = ['analyse', path, '--arm', 'arm', '--metric', 'spend'];
        const { out, code } = await run(
            ...question,
            ...['--covariate', 'before', '--cap', 'spend=90%', '--quantile', 'ms=95%', '--quantile', 'spend'],
        );

        expect(code).toBe(0);
        expect(out).toMatch(
            /spend, b +\| With what was known before \(CUPED\) +\| .* before explains 8\d\.\d% of the spread/,
        );
        expect(out).toMatch(
            /spend, c +\| Large values capped +\| .* Values above 9\.00 lowered to it: \d+ in a, \d+ in c\./,
        );
        expect(out).toMatch(/ms, b +\| P95 +\| 47\.00 +\| 47\.00/);
        expect(out).toMatch(/spend, c +\| P99 /);
        expect((await run(...question)).out).not.toContain('read otherwise');
    });

    it.each([
        [['analyse', 'none.csv', '--arm', 'a', '--metric', 'y'], /Cannot read none\.csv/],
        [['analyse', 'none.csv', '--arm', 'a', '--metric', 'y', '--confidence', '5%'], /--confidence is "5%"/],
        [['plan', 'page', '--lift', 'much'], /--lift is "much"/],
        [['plan', 'page', '--base-rate', '424%'], /--base-rate is "424%": expected a share between 0 and 100%/],
    ])('refuses %j', async (parameters, message) => {
        expect(await run(...parameters)).toMatchObject({ code: 2, error: expect.stringMatching(message) });
    });
});
