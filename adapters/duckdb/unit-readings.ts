import type { MetricSpec } from '#core/experiment/table/spec.ts';
import type {
    ArmQuantile,
    CappedMetric,
    CapRequest,
    CovariateRequest,
    QuantileRequest,
    UnitTable,
    UnitTableRequest,
} from '#core/experiment/table/unit-table.ts';
import type { Row, Session } from './database.ts';
import { literal } from './text.ts';

/** Whether a unit has a value of the metric at a place of the request, as an expression over `units`. */
export const isUsable = ({ denominator }: Pick<MetricSpec, 'denominator'>, index: number) =>
    denominator === null ? `isfinite(y${index})` : `isfinite(y${index}) and isfinite(x${index})`;

/** What the other readings of a table are made from; asks `unit_rows` and `units`, which the caller has made. */
export async function readReadings(
    session: Session,
    request: UnitTableRequest,
): Promise<Pick<UnitTable, 'covariates' | 'caps' | 'quantiles'>> {
    const covariates: UnitTable['covariates'][number][] = [];
    for (const [index, one] of request.covariates.entries()) {
        const rows = await session.rows(covarianceSql(request, one, index));
        const size = request.metrics[one.metric]!.denominator === null ? 2 : 4;
        covariates.push(new Map(rows.map((row) => [String(row.arm), covarianceOf(row, size)])));
    }
    const caps: CappedMetric[] = [];
    for (const one of request.caps) caps.push(await readCap(session, request, one));
    const quantiles: (readonly ArmQuantile[])[] = [];
    for (const [index, one] of request.quantiles.entries()) {
        quantiles.push(await readQuantile(session, request, one, index));
    }
    return { covariates, caps, quantiles };
}

function covarianceSql({ metrics }: UnitTableRequest, { metric, covariate }: CovariateRequest, index: number): string {
    const spec = metrics[metric]!;
    const known = (name: string) => `case when isfinite(${name}) then ${name} end`;
    const filled = (name: string) => `coalesce(${known(name)}, avg(${known(name)}) over ())`;
    const columns = [
        `y${metric}`,
        ...(spec.denominator === null ? [] : [`x${metric}`]),
        filled(`c${index}`),
        ...(covariate.denominator === null ? [] : [filled(`e${index}`)]),
    ];
    const names = columns.map((_, place) => `v${place}`);
    const pairs = names.flatMap((a, i) =>
        names.slice(i).map((b, j) => `covar_pop(${a}, ${b}) * count(*) as s${i}_${i + j}`),
    );
    return `select arm, count(*) as n, ${names.map((name) => `avg(${name}) as m_${name}`).join(', ')}, ${pairs.join(', ')}
    from (
        select arm, ${columns.map((column, place) => `${column} as v${place}`).join(', ')}
        from units where arms = 1 and ${isUsable(spec, metric)}
    )
    group by arm order by arm`;
}

function covarianceOf(row: Row, size: number) {
    const number = (name: string) => Number(row[name] ?? 0);
    const places = Array.from({ length: size }, (_, place) => place);
    return {
        count: number('n'),
        means: places.map((i) => number(`m_v${i}`)),
        comoments: places.map((i) => places.map((j) => number(`s${Math.min(i, j)}_${Math.max(i, j)}`))),
    };
}

/** One cap from all arms (interpolated as R's type 7), and every arm's moments under it. */
async function readCap(
    session: Session,
    { metrics }: UnitTableRequest,
    { metric, quantile, ignoreZeros }: CapRequest,
): Promise<CappedMetric> {
    const spec = metrics[metric]!;
    const usable = `arms = 1 and ${isUsable(spec, metric)}`;
    const [y, x] = [`y${metric}`, `x${metric}`];
    const capOf = (column: string) =>
        `quantile_cont(${column}, ${quantile})${ignoreZeros ? ` filter (where ${column} <> 0)` : ''}`;
    const [found] = await session.rows(`select ${capOf(y)} as y, ${capOf(x)} as x from units where ${usable}`);
    if (found?.y === null || found?.y === undefined) return { cap: null, denominatorCap: null, groups: [] };
    const cap = Number(found.y);
    const denominatorCap = spec.denominator === null || found.x === null ? null : Number(found.x);
    const cut = denominatorCap === null ? x : `least(${x}, ${denominatorCap})`;
    const rows = await session.rows(`select arm, count(case when above then 1 end) as capped, ${MOMENTS}
        from (
            select arm, least(${y}, ${cap}) as b, ${cut} as r,
                ${y} > ${cap}${denominatorCap === null ? '' : ` or ${x} > ${denominatorCap}`} as above
            from units where ${usable}
        )
        group by arm order by arm`);
    const groups = rows.map((row) => ({ arm: String(row.arm), capped: Number(row.capped), moments: momentsOf(row) }));
    return { cap, denominatorCap, groups };
}

/** Moments of b (what is counted) and r (what it is divided by). */
const MOMENTS = `count(*) as n, avg(b) as my, var_pop(b) * count(*) as vy, avg(r) as mx, var_pop(r) * count(*) as vx,
    covar_pop(b, r) * count(*) as c`;

function momentsOf(row: Row) {
    const number = (name: string) => Number(row[name] ?? 0);
    return {
        count: number('n'),
        meanY: number('my'),
        m2Y: Math.max(0, number('vy')),
        meanX: number('mx'),
        m2X: Math.max(0, number('vx')),
        comoment: number('c'),
    };
}

async function readQuantile(
    session: Session,
    { unit }: UnitTableRequest,
    { probability, band }: QuantileRequest,
    index: number,
): Promise<ArmQuantile[]> {
    const value = `q${index}`;
    const inOneArm = unit === null ? 'true' : 'unit in (select unit from units where arms = 1)';
    const usable = `arm is not null and isfinite(${value}) and ${inOneArm}`;
    const counts = await session.rows(
        `select arm, count(*) as n from unit_rows where ${usable} group by arm order by arm`,
    );
    const found: ArmQuantile[] = [];
    for (const row of counts) {
        const [arm, rows] = [String(row.arm), Number(row.n)];
        const limits = band(rows);
        if (limits === undefined) {
            found.push({ arm, rows, value: null, lower: null, upper: null, below: null });
            continue;
        }
        const own = `${usable} and arm = ${literal(arm)}`;
        const at = [probability, limits.lower, limits.upper].map(
            (p, place) => `quantile_cont(${value}, ${p}) as v${place}`,
        );
        const [read] = await session.rows(`select ${at.join(', ')} from unit_rows where ${own}`);
        const [middle, lower, upper] = [0, 1, 2].map((place) => Number(read?.[`v${place}`]));
        const [below] =
            unit === null
                ? []
                : await session.rows(`select ${MOMENTS} from (
                    select count(case when ${value} <= ${middle} then 1 end) as b, count(*) as r
                    from unit_rows where ${own} group by unit
                )`);
        found.push({
            arm,
            rows,
            value: middle!,
            lower: lower!,
            upper: upper!,
            below: below === undefined ? null : momentsOf(below),
        });
    }
    return found;
}
