import { DataError } from '#core/errors.ts';
import { inChild } from '../child.ts';
import { ingest, newLake } from '../lakes.ts';
import type { Name } from '../options.ts';
import { compare, inTurns } from '../samples.ts';
import type { IngestOutcome } from '../tasks/ingest-in-pipeline.ts';
import { countText, type Measurement, type Result, secondsText } from './measurement.ts';

const TARGET = 1.5;
/** One bad row to a hundred good ones, of all kinds the generator knows. */
const DIRTY = 0.01;

/** One clean events file: the pipeline to the same work in straight SQL. */
export const measureIngest: Measurement = async (workspace, scale) => [await ratioOf('ingest', 0, workspace, scale)];

/** The same with a file that has bad rows, broken records among them. */
export const measureDirtyIngest: Measurement = async (workspace, scale) => [
    await ratioOf('dirty', DIRTY, workspace, scale),
];

async function ratioOf(
    name: Name,
    dirty: number,
    workspace: Parameters<Measurement>[0],
    { rows, repeat }: Parameters<Measurement>[1],
): Promise<Result> {
    workspace.say(name, `making ${countText(rows)} events`);
    const { files, events } = await workspace.shop({ rows, dirty, day: undefined });
    const file = files.events as string;
    const [pipeline, sql] = await inTurns(
        repeat,
        async (repetition) => {
            workspace.say(name, `pipeline, ${repetition + 1} of ${repeat}`);
            const lake = await newLake(workspace);
            const outcome = await ingest(lake, { events: file });
            await workspace.remove(lake.lake);
            return outcome;
        },
        async (repetition) => {
            workspace.say(name, `straight SQL, ${repetition + 1} of ${repeat}`);
            const folder = workspace.path('sql');
            const outcome = await inChild('ingestInSql', { file, folder });
            await workspace.remove(folder);
            return outcome;
        },
    );
    requireSameRows(events, [...pipeline, ...sql]);
    const { ratio, lowest, highest, cpuRatio, subjectSeconds, baseSeconds } = compare(pipeline, sql);
    return {
        what: `ingest of ${countText(events)} events${dirty > 0 ? `, ${dirty * 100} % bad` : ''}: pipeline / SQL`,
        ratio,
        range: [lowest, highest],
        cpuRatio,
        target: TARGET,
        note: `${secondsText(subjectSeconds)} / ${secondsText(baseSeconds)}`,
    };
}

/** A ratio between two different jobs would say nothing. */
function requireSameRows(events: number, outcomes: readonly IngestOutcome[]): void {
    const found = new Set(outcomes.map(({ accepted, rejected }) => `${accepted} accepted and ${rejected} rejected`));
    const [first] = outcomes;
    if (found.size === 1 && first && first.accepted + first.rejected === events) return;
    throw new DataError(`Expected the same rows of ${events} from every run, found ${[...found].join('; ')}.`);
}
