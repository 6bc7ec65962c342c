import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileModels } from '#core/models/compile.ts';
import type { Project } from '#embedded/project.ts';
import { createRuntime, type Runtime } from '#embedded/runtime.ts';
import { smallProject } from '#test/support/small-project.ts';
import { aModel } from '#test/support/tiny-lake.ts';
import { emptyLake, ingest, removeLake } from './lake.ts';

/** Step Functions refuses more than 256 KiB between states; far less leaves room for whatever grows next. */
const MOST_BYTES = 64 * 1024;
const MODELS = 300;

let lake: string;
let runtime: Runtime;
let largest: number;

/** The small project with models that all read the events; `rows` is what each of them selects. */
async function projectOf(count: number, select: string): Promise<Project> {
    const project = await smallProject();
    const names = Array.from({ length: count }, (_, n) => `a_model_of_many_with_a_long_name_${n}`);
    const graph = compileModels({
        files: names.map((name) => aModel(name, 'kind: table', `${select} from {{ ref('events') }} group by event_id`)),
        typescriptModels: [],
        datasets: [...project.contracts.keys()],
        dateDatasets: ['events'],
    });
    return { ...project, graph };
}

async function land(name: string, text: string): Promise<string> {
    const path = join(lake, name);
    await writeFile(path, text);
    return path;
}

const HEADING = 'event_id,event_ts,event_type\n';

/** One event a day; `shift` moves some of them within their day. */
function days(count: number, from = 0): string {
    const rows = Array.from({ length: count }, (_, n) => {
        const day = new Date(Date.UTC(2016, 0, 1 + n)).toISOString().slice(0, 10);
        return `${from + n},${day} 10:00:00,search`;
    });
    return `${HEADING}${rows.join('\n')}\n`;
}

/** How the executions ended, and what a state of the build passed on each time it was left. */
async function pastOf(state?: string): Promise<{ ends: string[]; outputs: string[] }> {
    const [ends, outputs]: [string[], string[]] = [[], []];
    for (const machine of ['ingest', 'build']) {
        const folder = join(lake, 'executions', machine);
        for (const name of (await readdir(folder).catch(() => [])).filter((each) => each.endsWith('.jsonl'))) {
            const lines = (await readFile(join(folder, name), 'utf8')).trimEnd().split('\n');
            const events = lines.map((line) => JSON.parse(line) as { type: string; details?: Record<string, string> });
            const last = events.at(-1);
            ends.push(`${machine} ${last?.type} ${last?.details?.error ?? ''}`.trim());
            for (const { type, details } of events) {
                if (type.endsWith('StateExited') && details?.name === state) outputs.push(details?.output ?? '');
            }
        }
    }
    return { ends, outputs };
}

/** A runtime that notes the bytes of what its stages are given and give; states refuse too much by themselves. */
async function noting(project: Project): Promise<Runtime> {
    largest = 0;
    const note = (value: unknown) => {
        largest = Math.max(largest, Buffer.byteLength(JSON.stringify(value ?? null)));
    };
    return createRuntime({
        lake,
        project,
        onStage: (_, input) => note(input),
        async around(_, call) {
            const output = await call();
            note(output);
            return output;
        },
    });
}

beforeEach(async () => {
    lake = await emptyLake();
});
afterEach(async () => {
    await runtime.close();
    await removeLake(lake);
});

describe('what passes between states stays small', () => {
    it('with 3,000 dates, 500 of them changed, and 10,000 rows in quarantine', async () => {
        runtime = await noting(await smallProject());
        const bad = Array.from({ length: 10_000 }, (_, n) => `${n}.5,2026-02-30 10:00:00,search`).join('\n');
        await ingest(runtime, [await land('events-1.csv', days(3_000))]);
        await ingest(runtime, [
            await land('events-2.csv', days(500, 5_000)),
            await land('events-3.csv', `${HEADING}${bad}\n`),
        ]);

        const { ends } = await pastOf();
        expect(ends.filter((end) => !end.endsWith('Succeeded'))).toEqual([]);
        expect(ends).toHaveLength(5);
        expect(largest).toBeLessThan(1024);
    }, 120_000);

    it('with a file of 10,000 columns that no contract knows', async () => {
        runtime = await noting(await smallProject());
        const heading = Array.from({ length: 10_000 }, (_, n) => `a_column_with_a_long_name_${n}`).join();
        await ingest(runtime, [await land('events-wide.csv', `${heading}\n1\n`)]);

        expect((await pastOf()).ends).toEqual(['ingest ExecutionFailed ContractError']);
        expect(largest).toBeLessThan(MOST_BYTES);
    }, 120_000);

    it(`with ${MODELS} models`, async () => {
        runtime = await noting(await projectOf(MODELS, 'select event_id as id'));
        await ingest(runtime, [await land('events-1.csv', days(10))]);

        const { ends, outputs } = await pastOf('Promote');
        expect(ends).toEqual(['ingest ExecutionSucceeded', 'build ExecutionSucceeded']);
        expect(outputs).toHaveLength(MODELS);
        expect(largest).toBeLessThan(MOST_BYTES);
    }, 120_000);

    it(`with ${MODELS} models that all fail with long words`, async () => {
        const long = `select event_id as id, cast('${'no number '.repeat(300)}' as integer) as n`;
        runtime = await noting(await projectOf(MODELS, long));
        await ingest(runtime, [await land('events-1.csv', days(10))]);

        const { ends, outputs } = await pastOf('Halt');
        expect(ends).toEqual(['ingest ExecutionSucceeded', 'build ExecutionFailed DataError']);
        expect(outputs).toHaveLength(MODELS);
        // A Map collects what its iterations pass on, also where nobody asks for it.
        expect(outputs.join().length).toBeLessThan(MOST_BYTES);
        expect(largest).toBeLessThan(MOST_BYTES);
    }, 120_000);
});
