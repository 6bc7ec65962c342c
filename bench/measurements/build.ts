import { inChild } from '../child.ts';
import { copyLake, ingest, newLake } from '../lakes.ts';
import { compare, inTurns } from '../samples.ts';
import { countText, type Measurement, secondsText } from './measurement.ts';

const TARGET = 1.5;

/** The first build of a shop's year, to the same tables, checks and publication in straight SQL and COPY. */
export const measureBuild: Measurement = async (workspace, { rows, repeat }) => {
    workspace.say('build', `making and ingesting ${countText(rows)} events`);
    const { files, events } = await workspace.shop({ rows, dirty: 0, day: undefined });
    const staged = await newLake(workspace);
    await ingest(staged, files);
    const [pipeline, sql] = await inTurns(
        repeat,
        async (repetition) => {
            workspace.say('build', `pipeline, ${repetition + 1} of ${repeat}`);
            const lake = await copyLake(workspace, staged);
            const cost = await inChild('buildInPipeline', lake);
            await workspace.remove(lake.lake);
            return cost;
        },
        async (repetition) => {
            workspace.say('build', `straight SQL, ${repetition + 1} of ${repeat}`);
            const folder = workspace.path('sql');
            const postgresUrl = await workspace.database();
            const cost = await inChild('buildInSql', { lake: staged.lake, folder, postgresUrl });
            await workspace.remove(folder);
            return cost;
        },
    );
    await workspace.remove(staged.lake);
    const { ratio, lowest, highest, cpuRatio, subjectSeconds, baseSeconds } = compare(pipeline, sql);
    return [
        {
            what: `full build of ${countText(events)} events: pipeline / SQL and COPY`,
            ratio,
            range: [lowest, highest],
            cpuRatio,
            target: TARGET,
            note: `${secondsText(subjectSeconds)} / ${secondsText(baseSeconds)}`,
        },
    ];
};
