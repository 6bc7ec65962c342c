import { inChild } from '../child.ts';
import { copyLake, ingest, newLake } from '../lakes.ts';
import { compare, inTurns } from '../samples.ts';
import { countText, type Measurement, type Result, secondsText } from './measurement.ts';

const TARGET = 0.05;
const TIMES = 10;

/** The build of one more day as a share of the build of the year before it, for a shop and one ten times as large. */
export const measureDay: Measurement = async (workspace, { rows, repeat }) => [
    await shareOf(workspace, rows, repeat),
    await shareOf(workspace, rows * TIMES, repeat),
];

async function shareOf(workspace: Parameters<Measurement>[0], rows: number, repeat: number): Promise<Result> {
    workspace.say('day', `making, ingesting and building a year of ${countText(rows)} events`);
    const year = await workspace.shop({ rows, dirty: 0, day: undefined });
    const day = await workspace.shop({ rows, dirty: 0, day: 1 });
    const staged = await newLake(workspace);
    await ingest(staged, year.files);
    const withDay = await copyLake(workspace, staged);
    await inChild('buildInPipeline', withDay);
    await ingest(withDay, day.files);
    const build = (source: typeof staged, label: string) => async (repetition: number) => {
        workspace.say('day', `${label}, ${repetition + 1} of ${repeat}`);
        const lake = await copyLake(workspace, source);
        const cost = await inChild('buildInPipeline', lake);
        await workspace.remove(lake.lake);
        return cost;
    };
    const [days, years] = await inTurns(repeat, build(withDay, 'the day'), build(staged, 'the year'));
    for (const { lake } of [staged, withDay]) await workspace.remove(lake);
    const { ratio, lowest, highest, cpuRatio, subjectSeconds, baseSeconds } = compare(days, years);
    return {
        what: `build of a day (${countText(day.events)} events) / of its year (${countText(year.events)})`,
        ratio,
        range: [lowest, highest],
        cpuRatio,
        target: TARGET,
        note: `${secondsText(subjectSeconds)} / ${secondsText(baseSeconds)}`,
    };
}
