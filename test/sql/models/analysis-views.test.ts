import type { DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jointMomentsOfRow } from '#core/experiment/moments.ts';
import { beforeMoments } from '#core/experiment/readings/cuped.ts';
import { readBeforeRows } from '#core/experiment/readings/rows.ts';
import { readMomentsRows } from '#core/experiment/rows.ts';
import { renderSql } from '#core/models/render.ts';
import { mergeJointMoments, NO_JOINT_MOMENTS } from '#stats/joint-moments.ts';
import { compileProject, insertRows, openProject, type Row, rowsOf } from './project.ts';

const graph = compileProject();
const view = (name: string) => rowsOf(connection, `from (${renderSql(graph, name, (leaf) => leaf)}) order by all`);
let connection: DuckDBConnection;

beforeAll(async () => {
    connection = await openProject(graph);
    await connection.run('create table if not exists experiment_plans (experiment_id varchar, plan varchar)');
});
afterAll(() => connection.closeSync());

const DAYS = Array.from({ length: 9 }, (_, day) => `2024-03-0${day + 1}`);

/** Moments as experiment_moments forms them of whole numbers: cents of 100 each, or bounced sessions of sessions. */
function aDay(exposed_on: string, day: number, place: Row): Row {
    const isRatio = place.metric === 'bounce_rate';
    const scale = isRatio ? 1 : 100;
    const n = 50 + 7 * day;
    const [x, x_2, d, d_2, x_d] = [1_000 + 77 * day, 90_000 + 1_234 * day, 150 + day, 800 + 31 * day, 5_000 + 13 * day];
    return {
        experiment_id: 'pdp',
        exposed_on,
        variant: 'a',
        count_units: n,
        mean_numerator: x / (scale * n),
        m2_numerator: (n * x_2 - x * x) / (scale * scale * n),
        mean_denominator: isRatio ? d / n : null,
        m2_denominator: isRatio ? (n * d_2 - d * d) / n : null,
        comoment: isRatio ? (n * x_d - x * d) / n : null,
        ...place,
    };
}

describe('the moments an analysis reads', () => {
    const whole = { dimension: 'all', segment: 'all', metric: 'revenue' };
    const mobile = { dimension: 'device_type', segment: 'mobile', metric: 'revenue' };
    const bounces = { ...mobile, metric: 'bounce_rate' };
    const rows = [whole, mobile, bounces].flatMap((place) => DAYS.map((date, day) => aDay(date, day, place)));
    const read = async (order: readonly Row[], plan?: string) => {
        await connection.run('delete from experiment_moments; delete from experiment_plans');
        await insertRows(connection, 'experiment_moments', order);
        if (plan !== undefined) await insertRows(connection, 'experiment_plans', [{ experiment_id: 'pdp', plan }]);
        return view('int_analysis_moments');
    };

    it('are those of each day for everybody and what can be a goal', async () => {
        const days = (await read(rows)).filter(({ dimension }) => dimension === 'all');

        expect(days.map(({ exposed_on }) => exposed_on)).toEqual(DAYS);
    });

    it('are merged over days for everybody where nobody plans to decide on it', async () => {
        const [row, ...others] = (await read(rows, '{"goals":["purchased"]}')).filter(
            ({ dimension }) => dimension === 'all',
        );
        const days = readMomentsRows(DAYS.map((date, day) => aDay(date, day, whole)));
        const expected = days.map(jointMomentsOfRow).reduce(mergeJointMoments, NO_JOINT_MOMENTS);
        const { count, meanY, m2Y } = jointMomentsOfRow(readMomentsRows([row as Row])[0]!);

        expect(others).toEqual([]);
        expect([count, row?.exposed_on]).toEqual([expected.count, '2024-03-09']);
        expect([meanY / expected.meanY, m2Y / expected.m2Y]).toEqual([expect.closeTo(1, 12), expect.closeTo(1, 12)]);
    });

    it('are merged over days for a segment, of a ratio too, as the analysis merges them', async () => {
        const merged = (await read(rows, '{"goals":["revenue","bounce_rate"]}')).filter(
            ({ dimension }) => dimension === 'device_type',
        );

        expect(merged.map(({ metric, exposed_on }) => [metric, exposed_on])).toEqual([
            ['bounce_rate', '2024-03-09'],
            ['revenue', '2024-03-09'],
        ]);
        for (const [index, place] of [bounces, mobile].entries()) {
            const days = readMomentsRows(DAYS.map((date, day) => aDay(date, day, place)));
            const expected = days.map(jointMomentsOfRow).reduce(mergeJointMoments, NO_JOINT_MOMENTS);
            const [row] = readMomentsRows([merged[index] as Row]);
            for (const [name, value] of Object.entries(jointMomentsOfRow(row!))) {
                expect(value / (expected[name as keyof typeof expected] || 1), name).toBeCloseTo(
                    value === 0 ? 0 : 1,
                    12,
                );
            }
        }
    });

    it('have the same digits whatever order the rows come in', async () => {
        expect(await read([...rows].reverse())).toEqual(await read(rows));
    });

    it('leave out segments of what nobody plans to decide on', async () => {
        expect((await read(rows)).map(({ metric }) => metric)).not.toContain('bounce_rate');
    });
});

describe('the moments before exposure an analysis reads', () => {
    /** Whole numbers of a metric (y) and the same before (x), as experiment_before_moments holds them. */
    const aDayBefore = (exposed_on: string, day: number, metric: string): Row => {
        const scale = metric === 'revenue' ? 100 : 1;
        const n = 40 + 3 * day;
        const [y, y_2, x, x_2, x_y] = [900 + 11 * day, 80_000 + day, 700 + 5 * day, 60_000 + day, 30_000 + 9 * day];
        return {
            experiment_id: 'pdp',
            exposed_on,
            variant: 'a',
            metric,
            count_units: n,
            mean_metric: y / (scale * n),
            m2_metric: (n * y_2 - y * y) / (scale * scale * n),
            mean_before: x / (scale * n),
            m2_before: (n * x_2 - x * x) / (scale * scale * n),
            comoment: (n * x_y - x * y) / (scale * scale * n),
        };
    };

    it('are merged over days as the analysis merges them, with the same digits in any order', async () => {
        const rows = ['revenue', 'events_per_user'].flatMap((metric) =>
            DAYS.map((date, day) => aDayBefore(date, day, metric)),
        );
        await insertRows(connection, 'experiment_before_moments', rows);
        const merged = await view('int_analysis_before');
        await connection.run('delete from experiment_before_moments');
        await insertRows(connection, 'experiment_before_moments', [...rows].reverse());

        expect(await view('int_analysis_before')).toEqual(merged);
        expect(merged.map(({ metric, exposed_on }) => [metric, exposed_on])).toEqual([
            ['events_per_user', '2024-03-09'],
            ['revenue', '2024-03-09'],
        ]);
        for (const row of readBeforeRows(merged)) {
            const expected = beforeMoments(readBeforeRows(rows), row.metric, 'a');
            for (const [name, value] of Object.entries(row.moments)) {
                expect(value / expected[name as keyof typeof expected], name).toBeCloseTo(1, 12);
            }
        }
    });
});

describe('the exposures an analysis reads', () => {
    it('are counted by day for everybody and over all days for a segment', async () => {
        const counted = { experiment_id: 'pdp', variant: 'a', count_exposed_before_assignment: 1, count_window_cut: 2 };
        await insertRows(
            connection,
            'experiment_exposure_counts',
            DAYS.flatMap((exposed_on) =>
                ['DE', 'UK'].map((country) => ({
                    ...counted,
                    exposed_on,
                    device_type: 'mobile',
                    country,
                    user_type: 'new',
                    count_units: 10,
                    count_several_variants: 3,
                })),
            ),
        );

        const rows = await view('int_analysis_exposures');

        expect(rows).toHaveLength(DAYS.length + 4);
        expect(rows.find(({ dimension }) => dimension === 'all')).toMatchObject({
            exposed_on: '2024-03-01',
            segment: 'all',
            count_units: '20',
            count_window_cut: '4',
        });
        expect(rows.find(({ segment }) => segment === 'DE')).toMatchObject({
            dimension: 'country',
            exposed_on: '2024-03-09',
            count_units: '90',
            count_several_variants: '27',
        });
        expect(rows.find(({ dimension }) => dimension === 'user_type')).toMatchObject({ count_units: '180' });
    });
});
