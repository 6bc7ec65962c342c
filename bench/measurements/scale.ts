import { ingest, newLake } from '../lakes.ts';
import { compare, inTurns, median } from '../samples.ts';
import { countText, type Measurement, secondsText } from './measurement.ts';

const TIMES = 10;
const TIME_TARGET = 11;
const MEMORY_TARGET = 1.3;

/** Ingest of ten times the events: time grows with the rows, memory does not. */
export const measureScale: Measurement = async (workspace, { rows, repeat }) => {
    workspace.say('scale', `making ${countText(rows * TIMES)} events`);
    const small = await workspace.shop({ rows, dirty: 0, day: undefined });
    const large = await workspace.shop({ rows: rows * TIMES, dirty: 0, day: undefined });
    const run = (file: string, label: string) => async (repetition: number) => {
        workspace.say('scale', `${label}, ${repetition + 1} of ${repeat}`);
        const lake = await newLake(workspace);
        const outcome = await ingest(lake, { events: file });
        await workspace.remove(lake.lake);
        return outcome;
    };
    const [larger, smaller] = await inTurns(
        repeat,
        run(large.files.events as string, 'large'),
        run(small.files.events as string, 'small'),
    );
    const time = compare(larger, smaller);
    const peaks = [larger, smaller].map((outcomes) => median(outcomes.map(({ peakBytes }) => peakBytes)));
    const [largePeak, smallPeak] = peaks as [number, number];
    const sizes = `${countText(large.events)} / ${countText(small.events)} events`;
    return [
        {
            what: `time to ingest ${sizes}`,
            ratio: time.ratio,
            range: [time.lowest, time.highest],
            cpuRatio: time.cpuRatio,
            target: TIME_TARGET,
            note: `${secondsText(time.subjectSeconds)} / ${secondsText(time.baseSeconds)}`,
        },
        {
            what: `peak memory to ingest ${sizes}`,
            ratio: largePeak / smallPeak,
            range: undefined,
            cpuRatio: undefined,
            target: MEMORY_TARGET,
            note: `${megabytes(largePeak)} / ${megabytes(smallPeak)}`,
        },
    ];
};

function megabytes(bytes: number): string {
    return `${Math.round(bytes / 1e6)} MB`;
}
