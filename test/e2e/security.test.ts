import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { literal } from '#adapters/duckdb/text.ts';
import { selectRows } from '#adapters/postgres/query.ts';
import { UsageError } from '#core/errors.ts';
import { compileModels } from '#core/models/compile.ts';
import type { Project } from '#embedded/project.ts';
import { createRuntime, type Runtime } from '#embedded/runtime.ts';
import { testDatabase } from '#test/support/duckdb.ts';
import { addressesListenedOn, descendantsOf, LOOPBACK } from '#test/support/listeners.ts';
import { smallProject } from '#test/support/small-project.ts';
import { aModel } from '#test/support/tiny-lake.ts';
import { emptyLake, ingest, removeLake } from './lake.ts';

const EVIL = [
    `'; drop schema marts cascade; --`,
    `"); select pg_sleep(60); --`,
    `$$; drop table marts.texts; $$`,
    `\\'; copy (select 1) to '/tmp/cartlake-owned'; --`,
    `{{ ref('fct_events') }}`,
    `$(touch /tmp/cartlake-owned)`,
    `=HYPERLINK("http://example.com")`,
] as const;

let lake: string;
let runtime: Runtime;
const duckdb = testDatabase();

/** The small project with a published table that shows what files brought as text. */
async function projectWithTexts(): Promise<Project> {
    const project = await smallProject();
    const texts = aModel(
        'texts',
        'kind: table\npublish: texts',
        `select event_id as id, max(properties) as text, max(_extra) as extra from {{ ref('events') }} group by event_id`,
    );
    const graph = compileModels({
        files: [texts],
        typescriptModels: [],
        datasets: [...project.contracts.keys()],
        dateDatasets: ['events'],
    });
    return { ...project, graph };
}

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

async function land(name: string, text: string): Promise<string> {
    const path = join(lake, 'files', name);
    await mkdir(join(lake, 'files'), { recursive: true });
    await writeFile(path, text);
    return path;
}

async function reasonOf(name: string): Promise<string | undefined> {
    for await (const entry of runtime.context.ledger.all()) {
        if (entry.object.key.endsWith(name)) return `${entry.state}: ${entry.reason ?? ''}`;
    }
    return undefined;
}

beforeAll(async () => {
    lake = await emptyLake();
    runtime = await createRuntime({ lake, project: await projectWithTexts() });
});
afterAll(async () => {
    await runtime.close();
    await removeLake(lake);
});

describe('SQL in what files bring', () => {
    it('stays text, in values, in headings and in quarantine', async () => {
        const headings = ['event_id', 'event_ts', 'event_type', 'properties', ...EVIL].map(quoted).join();
        const rows = EVIL.map(
            (text, n) => `${n},2026-01-01 10:00:00,search,${quoted(text)},${EVIL.map(quoted).join()}`,
        );
        const bad = `${quoted(EVIL[0])},2026-01-01 10:00:00,search,,${EVIL.map(quoted).join()}`;
        await ingest(runtime, [await land('events-evil.csv', `${[headings, ...rows, bad].join('\n')}\n`)]);

        const url = await runtime.database.url();
        const shown = await selectRows(url, 'select text, extra from marts.texts order by id');
        expect(shown.rows.map(([text]) => text)).toEqual(EVIL);
        expect(JSON.parse(String(shown.rows[0]?.[1]))).toEqual(Object.fromEntries(EVIL.map((each) => [each, each])));
        const [entry] = await Array.fromAsync(runtime.context.ledger.all());
        expect(entry?.staged?.rows).toEqual({ read: EVIL.length + 1, accepted: EVIL.length, rejected: 1 });
        await expect(readFile('/tmp/cartlake-owned')).rejects.toThrow('ENOENT');
    });

    it('leaves small documents in all states of the executions', async () => {
        const sizes: number[] = [];
        for (const machine of ['ingest', 'build']) {
            const folder = join(lake, 'executions', machine);
            for (const name of (await readdir(folder)).filter((each) => each.endsWith('.jsonl'))) {
                const lines = (await readFile(join(folder, name), 'utf8')).trimEnd().split('\n');
                sizes.push(...lines.map((line) => line.length));
            }
        }

        expect(sizes.length).toBeGreaterThan(20);
        expect(Math.max(...sizes)).toBeLessThan(8 * 1024);
    });
});

describe('names that try to leave the lake', () => {
    it.each([
        'landing/../../../etc/passwd',
        'landing/events/../../../../etc/passwd',
        '/etc/passwd',
        'landing/events/\0.csv',
    ])('are refused: %j', async (key) => {
        const source = await land('plain.csv', 'event_id,event_ts,event_type\n1,2026-01-01,search\n');
        const object = { bucket: 'lake', key, version: 'x' };
        const before = await Array.fromAsync(runtime.context.ledger.all());

        await expect(runtime.context.landing.land(key, source)).rejects.toThrow(UsageError);
        // Below landing/ it is refused, elsewhere it is nobody's object.
        await runtime.deliver([object]).then(
            ([admission]) => expect(admission?.outcome).toBe('ignored'),
            (error: unknown) => expect(String(error)).toContain('points outside the lake'),
        );
        expect(await Array.fromAsync(runtime.context.ledger.all())).toHaveLength(before.length);
    });
});

describe('a file of 10,000 columns', () => {
    const names = Array.from({ length: 10_000 }, (_, n) => `column_${n}`);
    const keys = ['event_id', 'event_ts', 'event_type'];

    it('is rejected as CSV, as JSON and as Parquet, in words and at once', async () => {
        const values = ['1', '2026-01-01 10:00:00', 'search', ...names.map(() => 'x')];
        const csv = await land('events-wide.csv', `${[...keys, ...names].join()}\n${values.join()}\n`);
        const row = Object.fromEntries([...keys, ...names].map((name, n) => [name, values[n]]));
        const json = await land('events-wide.json', `${JSON.stringify(row)}\n`);
        const parquet = join(lake, 'files', 'events-wide.parquet');
        // DuckDB takes long to write more; from 2,001 on they are too many.
        const columns = names
            .slice(0, 2_500)
            .map((name) => `'x' as ${name}`)
            .join();
        await duckdb.session((session) =>
            session.run(
                `copy (select 1 as event_id, timestamp '2026-01-01' as event_ts, 'search' as event_type, ${columns}) to ${literal(parquet)}`,
            ),
        );
        await ingest(runtime, [csv, json, parquet]);

        for (const name of ['events-wide.csv', 'events-wide.json', 'events-wide.parquet']) {
            expect(await reasonOf(name), name).toMatch(
                /^rejected: The (file|rows) ha(s|ve) .*(at most|different keys)/,
            );
        }
    }, 60_000);
});

describe.runIf(process.platform === 'linux')('what listens for connections while a lake works', () => {
    it('is PostgreSQL, on 127.0.0.1 and nowhere else', async () => {
        const { pid = 0 } = (await runtime.database.own?.status()) ?? {};

        expect(await addressesListenedOn([pid, ...(await descendantsOf(pid))])).toEqual(new Set(['0100007F']));
    });

    it('is nothing else: the pipeline itself and what it starts have no listener', async () => {
        const listens = await addressesListenedOn([process.pid, ...(await descendantsOf(process.pid))]);

        expect([...listens].filter((address) => !LOOPBACK.has(address))).toEqual([]);
    });

    it('would be seen if it did', async () => {
        const server = createServer();
        await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));

        expect(await addressesListenedOn([process.pid])).toContain('00000000');
        await new Promise((resolve) => server.close(resolve));
    });
});
