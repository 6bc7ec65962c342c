import { access } from 'node:fs/promises';
import { UsageError } from '#core/errors.ts';
import type { MetricSpec } from '#core/experiment/table/spec.ts';
import type {
    UnitGroup,
    UnitTable,
    UnitTableReader,
    UnitTableRequest,
    ValueQuality,
} from '#core/experiment/table/unit-table.ts';
import type { Database, Row, Session } from './database.ts';
import { identifier, literal } from './text.ts';
import { isUsable, readReadings } from './unit-readings.ts';

/** More segments of one column than a page can show, or a test compare. */
const MOST_SEGMENTS = 100;

/** Tables of units on DuckDB: CSV (plain or compressed), Parquet and newline-delimited JSON. */
export function createUnitTableReader(database: Database): UnitTableReader {
    return {
        async read(request) {
            await access(request.path).catch(() => {
                throw new UsageError(`Cannot read ${request.path}. Name a CSV or Parquet file.`);
            });
            return database.session((session) => readTable(session, request));
        },
    };
}

async function readTable(session: Session, request: UnitTableRequest): Promise<UnitTable> {
    const source = sourceOf(request.path);
    const columns = await columnsOf(session, source, request.path);
    requireColumns(request, columns);
    await session.run(`create or replace temp table unit_rows as ${rowsSql(request, source)}`);
    try {
        await refuseWords(session, request);
        await session.run(`create or replace temp table units as ${unitsSql(request)}`);
        await refuseManySegments(session, request);
        const groups = await session.rows(groupsSql(request));
        const [counts] = await session.rows(countsSql(request));
        const several = await session.rows(
            'select arm, count(*) as units from units where arms > 1 group by arm order by arm',
        );
        const readings = await readReadings(session, request);
        return {
            ...readings,
            groups: groups.map((row) => groupOf(row, request)),
            quality: request.metrics.map((_, index) => qualityOf(counts ?? {}, index)),
            rowsWithoutArm: Number(counts?.without_arm ?? 0),
            severalArms: new Map(several.map((row) => [String(row.arm), Number(row.units)])),
        };
    } finally {
        await session.run('drop table if exists unit_rows');
        await session.run('drop table if exists units');
    }
}

function sourceOf(path: string): string {
    if (/\.parquet$/i.test(path)) return `read_parquet(${literal(path)})`;
    if (/\.(nd)?json(l)?(\.gz)?$/i.test(path)) return `read_json_auto(${literal(path)})`;
    return `read_csv(${literal(path)}, header = true, all_varchar = true)`;
}

async function columnsOf(session: Session, source: string, path: string): Promise<string[]> {
    const described = await session.rows(`describe select * from ${source}`).catch((error: Error) => {
        throw new UsageError(`${path} is no table that can be read: ${error.message.split('\n')[0]}`, { cause: error });
    });
    return described.map((row) => String(row.column_name));
}

function requireColumns(request: UnitTableRequest, columns: readonly string[]): void {
    const { arm, unit, metrics, segments, covariates, quantiles, path } = request;
    const wanted = [
        arm,
        ...(unit === null ? [] : [unit]),
        ...[...metrics, ...covariates.map(({ covariate }) => covariate)].flatMap(columnsOfSpec),
        ...segments,
        ...quantiles.map(({ column }) => column),
    ];
    const missing = [...new Set(wanted)].filter((name) => !columns.includes(name));
    if (missing.length === 0) return;
    throw new UsageError(
        `${path} has no column ${missing.map((name) => `"${name}"`).join(', ')}. It has: ${columns.join(', ')}.`,
    );
}

const columnsOfSpec = ({ numerator, denominator }: MetricSpec) => [
    numerator,
    ...(denominator === null ? [] : [denominator]),
];

/** yes and no as 1 and 0, words of absence as nothing, anything else as a number; `bad` marks what is none of these. */
const numberOf = (column: string) => {
    const text = `lower(trim(cast(${identifier(column)} as varchar)))`;
    const isNothing = `${text} is null or ${text} in ('', 'na', 'n/a', 'null', 'none')`;
    return {
        value: `case when ${isNothing} then null when ${text} = 'true' then 1.0 when ${text} = 'false' then 0.0 else try_cast(${text} as double) end`,
        bad: `not (${isNothing}) and ${text} not in ('true', 'false') and try_cast(${text} as double) is null`,
    };
};

function rowsSql(request: UnitTableRequest, source: string): string {
    const { arm, unit, metrics, segments, covariates, quantiles } = request;
    const values = metrics.flatMap(({ numerator, denominator }, index) => {
        const y = numberOf(numerator);
        const x = denominator === null ? undefined : numberOf(denominator);
        return [
            `${y.value} as y${index}`,
            `${x?.value ?? 'cast(0 as double)'} as x${index}`,
            `(${y.bad})${x === undefined ? '' : ` or (${x.bad})`} as bad${index}`,
        ];
    });
    const more = [
        ...covariates.flatMap(({ covariate: { numerator, denominator } }, index) => [
            ...named(numerator, `c${index}`),
            ...(denominator === null ? [] : named(denominator, `e${index}`)),
        ]),
        ...quantiles.flatMap(({ column }, index) => named(column, `q${index}`)),
    ];
    return `select
        nullif(trim(cast(${identifier(arm)} as varchar)), '') as arm,
        ${unit === null ? 'cast(null as varchar)' : `cast(${identifier(unit)} as varchar)`} as unit,
        ${segments.map((name, index) => `coalesce(nullif(trim(cast(${identifier(name)} as varchar)), ''), 'unknown') as s${index},`).join('\n        ')}
        ${[...values, ...more].join(',\n        ')}
    from ${source}`;
}

/** A column as a number, beside whether it is none. */
function named(column: string, name: string): string[] {
    const { value, bad } = numberOf(column);
    return [`${value} as ${name}`, `${bad} as bad_${name}`];
}

async function refuseWords(session: Session, { metrics, covariates, quantiles }: UnitTableRequest): Promise<void> {
    const checked = [
        ...metrics.map(({ name }, index) => [`The metric ${name}`, `bad${index}`] as const),
        ...covariates.flatMap(({ covariate: { numerator, denominator } }, index) => [
            [`The covariate ${numerator}`, `bad_c${index}`] as const,
            ...(denominator === null ? [] : [[`The covariate ${denominator}`, `bad_e${index}`] as const]),
        ]),
        ...quantiles.map(({ column }, index) => [`The quantile of ${column}`, `bad_q${index}`] as const),
    ];
    const sums = checked.map(([, name]) => `count(case when ${name} then 1 end) as ${name}`);
    const [row] = await session.rows(`select ${sums.join(', ')} from unit_rows`);
    for (const [what, column] of checked) {
        const bad = Number(row?.[column] ?? 0);
        if (bad === 0) continue;
        throw new UsageError(
            `${what} needs numbers, found ${bad} ${bad === 1 ? 'value that is' : 'values that are'} none. Name another column, or clean this one.`,
        );
    }
}

/** One row a unit. Several rows of one unit add up; of yes and no, one yes is a yes. */
function unitsSql({ unit, metrics, segments, covariates }: UnitTableRequest): string {
    if (unit === null) return 'select *, 1 as arms from unit_rows where arm is not null';
    const values = metrics.flatMap((metric, index) => [
        `${metric.kind === 'proportion' ? 'max' : 'sum'}(y${index}) as y${index}`,
        `sum(x${index}) as x${index}`,
    ]);
    // What was known before is the same in all rows of a unit: adding it up would count the rows, which came after.
    const before = covariates.flatMap(({ covariate }, index) => [
        `max(c${index}) as c${index}`,
        ...(covariate.denominator === null ? [] : [`max(e${index}) as e${index}`]),
    ]);
    return `select
        unit,
        min(arm) as arm,
        count(distinct arm) as arms,
        ${segments.map((_, index) => `min(s${index}) as s${index},`).join(' ')}
        ${[...values, ...before].join(', ')}
    from unit_rows
    where arm is not null and unit is not null
    group by unit`;
}

async function refuseManySegments(session: Session, { segments }: UnitTableRequest): Promise<void> {
    for (const [index, name] of segments.entries()) {
        const [row] = await session.rows(`select count(distinct s${index}) as found from units`);
        const found = Number(row?.found ?? 0);
        if (found <= MOST_SEGMENTS) continue;
        throw new UsageError(
            `The column ${name} cuts the units into ${found} segments, at most ${MOST_SEGMENTS} can be compared. Name a column with fewer values, or group them first.`,
        );
    }
}

function groupsSql({ metrics, segments }: UnitTableRequest): string {
    const aggregates = metrics.flatMap((metric, index) => {
        const [y, x] = ['y', 'x'].map((name) => `case when ${isUsable(metric, index)} then ${name}${index} end`);
        return [
            `count(${y}) as n${index}`,
            `avg(${y}) as my${index}`,
            `var_pop(${y}) * count(${y}) as vy${index}`,
            `avg(${x}) as mx${index}`,
            `var_pop(${x}) * count(${x}) as vx${index}`,
            `covar_pop(${y}, ${x}) * count(${y}) as c${index}`,
        ];
    });
    const names = segments.map((_, index) => `s${index}`);
    const sets = ['(arm)', ...names.map((name) => `(arm, ${name})`)].join(', ');
    return `select arm, ${names.map((name) => `${name}, `).join('')}count(*) as units, ${aggregates.join(', ')}
    from units where arms = 1 group by grouping sets (${sets}) order by all`;
}

function groupOf(row: Row, { metrics, segments }: UnitTableRequest): UnitGroup {
    const at = segments.findIndex((_, index) => row[`s${index}`] !== null);
    const number = (name: string, index: number) => Number(row[`${name}${index}`] ?? 0);
    return {
        arm: String(row.arm),
        dimension: at < 0 ? 'all' : segments[at]!,
        segment: at < 0 ? 'all' : String(row[`s${at}`]),
        units: Number(row.units),
        moments: metrics.map((_, index) => ({
            count: number('n', index),
            meanY: number('my', index),
            m2Y: Math.max(0, number('vy', index)),
            meanX: number('mx', index),
            m2X: Math.max(0, number('vx', index)),
            comoment: number('c', index),
        })),
    };
}

function countsSql({ metrics }: UnitTableRequest): string {
    const counts = metrics.flatMap((metric, index) => {
        const isMissing = metric.denominator === null ? `y${index} is null` : `y${index} is null or x${index} is null`;
        return [
            `count(case when ${isMissing} then 1 end) as missing${index}`,
            `count(case when not (${isMissing}) and not (${isUsable(metric, index)}) then 1 end) as infinite${index}`,
            `coalesce(bool_and(y${index} in (0, 1)), false) as binary${index}`,
        ];
    });
    return `select (select count(*) from unit_rows where arm is null) as without_arm, ${counts.join(', ')} from units`;
}

function qualityOf(row: Row, index: number): ValueQuality {
    return {
        missing: Number(row[`missing${index}`] ?? 0),
        infinite: Number(row[`infinite${index}`] ?? 0),
        isBinary: row[`binary${index}`] === true,
    };
}
