import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selectRows } from '#adapters/postgres/query.ts';
import { generateEventsDay } from '#core/generate/day.ts';
import type { RunEvent } from '#core/lineage/openlineage/event.ts';
import { PROJECT_ROOT } from '#embedded/project.ts';
import type { Runtime } from '#embedded/runtime.ts';
import { expectOpenLineage } from '#test/support/openlineage.ts';
import { cartlake } from './cartlake.ts';
import { emptyLake, ingest, removeLake, shopFiles, withRuntime } from './lake.ts';

const SHOP = { users: 120, seed: 42, days: 12 };

let lake: string;

beforeAll(async () => {
    lake = await emptyLake();
    const files = await shopFiles(lake, SHOP);
    await withRuntime(lake, (runtime) => ingest(runtime, files));
});
afterAll(() => removeLake(lake));

async function select(runtime: Runtime, sql: string): Promise<(string | null)[][]> {
    return (await selectRows(await runtime.database.url(), sql)).rows.map((row) => [...row]);
}

/** The query as the documentation has it. */
async function documentedQuery(): Promise<string> {
    const text = await readFile(join(PROJECT_ROOT, 'docs', 'lineage.md'), 'utf8');
    return /```sql\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
}

describe('the lineage of a shop', () => {
    it('leads from a published row to its run and the versions of its files, by one query', async () => {
        await withRuntime(lake, async (runtime) => {
            const rows = await select(runtime, await documentedQuery());
            const landed = new Map<string, string>();
            for await (const { object } of runtime.context.ledger.all()) landed.set(object.key, object.version);

            expect(new Set(rows.map(([, , run]) => run))).toEqual(new Set(['build-1-1']));
            expect(rows.map(([, , , dataset]) => dataset)).toEqual(['events', 'experiment_assignments', 'users']);
            for (const [, , , , uri = '', version] of rows) expect(version).toBe(landed.get(uri ?? ''));
        });
    });

    it('grows with what changed', async () => {
        await withRuntime(lake, async (runtime) => {
            const parts = `select part, run_id from cartlake.mart_part where mart = 'user_outcomes' order by part`;
            const before = await select(runtime, parts);
            const day = generateEventsDay(SHOP, 1).files.find((file) => file.name.startsWith('events'))!;
            const name = day.name.replace('_', '-');
            await writeFile(join(lake, name), [...day.chunks].join(''));
            await ingest(runtime, [join(lake, name)]);
            const run = `select run_id from cartlake.publish_log order by id desc limit 1`;
            const [[second]] = (await select(runtime, run)) as [[string]];
            const after = new Map((await select(runtime, parts)) as [string, string][]);

            expect(second).not.toBe('build-1-1');
            // Outcomes look seven days ahead: earlier ones are as they were, and so is what is known of them.
            const early = before.filter(([part]) => after.get(part ?? '') === 'build-1-1');
            expect(early.length).toBeGreaterThan(0);
            expect([...after.values()]).toContain(second);
            const files = `select distinct uri from cartlake.mart_lineage
                where mart = 'user_outcomes' and run_id = $run and uri like '%events%' order by 1`;
            const filesOf = async (of: string) => (await select(runtime, files.replace('$run', `'${of}'`))).flat();
            expect(await filesOf('build-1-1')).toEqual(['landing/events/events.csv']);
            expect(await filesOf(second)).toEqual(['landing/events/events.csv', `landing/events/${name}`].sort());
            expect(await select(runtime, 'select count(*) from cartlake.object_version')).toEqual([['6']]);
        });
    });

    it('is told as OpenLineage events of every run, on the command line too', async () => {
        const { code, out } = await cartlake(['openlineage', '--lake', lake], { cwd: lake });
        const events = out
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line) as RunEvent);

        expect(code).toBe(0);
        await expectOpenLineage(events);
        const ends = events.filter(({ eventType }) => eventType === 'COMPLETE').map(({ job }) => job.name);
        expect(ends.filter((name) => name.startsWith('ingest.'))).toHaveLength(6);
        expect(ends.filter((name) => name === 'build')).toHaveLength(2);
        expect(ends).toEqual(expect.arrayContaining(['build.fct_events', 'check.fct_events', 'build.user_outcomes']));
        expect(events.every(({ eventTime }, index) => index === 0 || eventTime >= events[index - 1]!.eventTime)).toBe(
            true,
        );

        const named = await cartlake(
            ['openlineage', '--json', '--since', '1d', '--lake', lake, '--namespace', 'north'],
            { cwd: lake },
        );
        const document = JSON.parse(named.out) as RunEvent[];
        expect(document).toHaveLength(events.length);
        expect(document.every(({ job }) => job.namespace === 'north')).toBe(true);
    });
});
