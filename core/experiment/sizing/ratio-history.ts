import { mergeJointMoments, NO_JOINT_MOMENTS } from '#stats/joint-moments.ts';
import { ratioEstimate } from '#stats/ratio.ts';
import { filesOf } from '../../catalog/version.ts';
import { jointMomentsOfRow } from '../moments.ts';
import { readMomentsRows } from '../rows.ts';
import type { HistoryContext, MetricHistory } from './history.ts';

/** Ratios per session (bounce rate, session duration) as all users of past experiments had them; none, no history. */
export async function readRatioHistory({ catalog, engine }: HistoryContext): Promise<MetricHistory[]> {
    const version = await catalog.current('experiment_moments');
    if (version === undefined) return [];
    const files = Object.values(version.parts).flatMap(filesOf);
    const table = { kind: 'files', files, uniform: true, columns: version.columns, narrow: undefined } as const;
    const rows = await engine.rows({
        inputs: new Map([['experiment_moments', table]]),
        render: (bind) =>
            `select * from ${bind('experiment_moments')} as stored
            where dimension = 'all' and mean_denominator is not null
            order by experiment_id, exposed_on, variant, metric`,
    });
    const byMetric = Map.groupBy(readMomentsRows(rows), ({ metric }) => metric);
    return [...byMetric].flatMap(([metric, found]) => {
        const joint = found.map(jointMomentsOfRow).reduce(mergeJointMoments, NO_JOINT_MOMENTS);
        const ratio = ratioEstimate(joint);
        if (ratio.status !== 'ok') return [];
        return [
            {
                metric,
                units: ratio.count,
                mean: ratio.value,
                variance: ratio.variance * ratio.count,
                correlation: null,
            },
        ];
    });
}
