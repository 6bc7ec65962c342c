import type { TableEngine } from '../../build/ports.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { filesOf } from '../../catalog/version.ts';
import { UsageError } from '../../errors.ts';
import { describeMetric } from '../metrics.ts';
import { readRatioHistory } from './ratio-history.ts';

/** What one metric was over the shop's recent past, among users an experiment would have exposed. */
export interface MetricHistory {
    readonly metric: string;
    readonly units: number;
    readonly mean: number;
    /** Of one unit. */
    readonly variance: number;
    /** With the same metric over the 30 days before; null where one of the two does not vary. */
    readonly correlation: number | null;
}

/** The shop's recent past as an experiment would have seen it. */
export interface ShopHistory {
    readonly from: string;
    readonly to: string;
    /** Users who would have been exposed by the end of each day, from the first day on. */
    readonly exposedByDay: readonly number[];
    readonly metrics: readonly MetricHistory[];
}

/** What the statements of a history are asked of. */
export interface HistoryContext {
    readonly catalog: Pick<Catalog, 'current'>;
    readonly engine: Pick<TableEngine, 'rows'>;
}

const SPAN_DAYS = 56;

/** The shop's last eight weeks. Throws UsageError when it has no events, or none that expose a user. */
export async function readHistory(context: HistoryContext, exposedBy: readonly string[]): Promise<ShopHistory> {
    const version = await context.catalog.current('fct_events');
    const files = Object.values(version?.parts ?? {}).flatMap(filesOf);
    if (version === undefined || files.length === 0) {
        throw new UsageError('The lake has no events yet, so there is no history to plan from. Ingest events first.');
    }
    const events = { kind: 'files', files, uniform: true, columns: version.columns, narrow: undefined } as const;
    const ask = (sql: (events: string) => string) =>
        context.engine.rows({
            inputs: new Map([['fct_events', events]]),
            render: (bind) => sql(bind('fct_events')),
        });
    const days = await ask((table) => `${exposuresSql(table, exposedBy)} ${ARRIVALS_SQL}`);
    if (days.length === 0) {
        throw new UsageError(
            `No user has done ${exposedBy.join(' or ')} in the last ${SPAN_DAYS} days of the lake, so nobody would be exposed. Check \`exposure\`.`,
        );
    }
    const [outcomes] = await ask((table) => `${exposuresSql(table, exposedBy)}, ${OUTCOMES_SQL}`);
    let exposed = 0;
    const last = Number(days.at(-1)?.last_day ?? 0);
    const byDay = new Map(days.map((row) => [Number(row.day), Number(row.users)]));
    const exposedByDay = Array.from({ length: last + 1 }, (_, day) => {
        exposed += byDay.get(day) ?? 0;
        return exposed;
    });
    return {
        from: String(days[0]?.starts_on),
        to: String(days[0]?.ends_on),
        exposedByDay,
        metrics: [...MEASURED.map((metric) => historyOf(metric, outcomes ?? {})), ...(await readRatioHistory(context))],
    };
}

function historyOf(metric: string, row: Readonly<Record<string, unknown>>): MetricHistory {
    const number = (name: string) => (row[name] === null || row[name] === undefined ? null : Number(row[name]));
    const mean = number(`mean_${metric}`) ?? 0;
    const variance = describeMetric(metric).kind === 'proportion' ? mean * (1 - mean) : number(`variance_${metric}`);
    const correlation = number(`correlation_${metric}`);
    return {
        metric,
        units: number('units') ?? 0,
        mean,
        variance: variance ?? 0,
        correlation: correlation !== null && Number.isFinite(correlation) ? correlation : null,
    };
}

const MEASURED = ['purchased', 'revenue', 'added_to_cart', 'begun_checkout', 'retained_day_7', 'events_per_user'];

function exposuresSql(events: string, exposedBy: readonly string[]): string {
    const names = exposedBy.map((name) => `'${name.replaceAll("'", "''")}'`).join(', ');
    return `with
events as (
    select user_id, event_name, is_purchase, net_revenue, occurred_at
    from ${events} as stored
    where user_id is not null
),
newest as (
    select max(occurred_at) as ends_at
    from events
),
bounds as (
    select ends_at, date_add('day', -${SPAN_DAYS}, ends_at) as starts_at
    from newest
),
exposures as (
    select events.user_id, bounds.starts_at, bounds.ends_at, min(events.occurred_at) as exposed_at
    from events
    cross join bounds
    where events.event_name in (${names}) and events.occurred_at > bounds.starts_at
    group by events.user_id, bounds.starts_at, bounds.ends_at
)`;
}

/** Newly exposed users by day, and how many days the span has. */
const ARRIVALS_SQL = `select
    date_diff('day', cast(starts_at as date), cast(exposed_at as date)) as day,
    count(*) as users,
    max(date_diff('day', cast(starts_at as date), cast(ends_at as date))) as last_day,
    cast(max(cast(starts_at as date)) as varchar) as starts_on,
    cast(max(cast(ends_at as date)) as varchar) as ends_on
from exposures
group by 1
order by 1`;

const COUNTED: Readonly<Record<string, string>> = {
    purchased: 'max(case when is_purchase and in_window then 1 else 0 end)',
    revenue: 'sum(case when in_window then cast(coalesce(net_revenue, 0) as double) else 0 end)',
    added_to_cart: "max(case when event_name = 'add_to_cart' and in_window then 1 else 0 end)",
    begun_checkout: "max(case when event_name = 'begin_checkout' and in_window then 1 else 0 end)",
    retained_day_7: 'max(case when in_window and occurred_at >= last_day_at then 1 else 0 end)',
    events_per_user: 'sum(case when in_window then 1 else 0 end)',
};

const BEFORE: Readonly<Record<string, string>> = {
    purchased: 'max(case when is_purchase and not in_window then 1 else 0 end)',
    revenue: 'sum(case when in_window then 0 else cast(coalesce(net_revenue, 0) as double) end)',
    events_per_user: 'sum(case when in_window then 0 else 1 end)',
};

const columns = (texts: Readonly<Record<string, string>>, ending = '') =>
    Object.entries(texts)
        .map(([name, text]) => `${text} as ${name}${ending}`)
        .join(',\n        ');

/** One row: moments over users whose seven days are over, with the 30 days before beside them. */
const OUTCOMES_SQL = `around as (
    select
        exposures.user_id,
        events.event_name,
        events.is_purchase,
        events.net_revenue,
        events.occurred_at,
        date_add('day', 6, exposures.exposed_at) as last_day_at,
        events.occurred_at >= exposures.exposed_at as in_window
    from exposures
    inner join events -- many events to one exposure
        on exposures.user_id = events.user_id
        and events.occurred_at >= date_add('day', -30, exposures.exposed_at)
        and events.occurred_at < date_add('day', 7, exposures.exposed_at)
    where date_add('day', 7, exposures.exposed_at) <= exposures.ends_at
),
units as (
    select
        user_id,
        ${columns(COUNTED)},
        ${columns(BEFORE, '_before')}
    from around
    group by user_id
)
select
    count(*) as units,
    ${MEASURED.map((name) => `avg(cast(${name} as double)) as mean_${name}, var_samp(cast(${name} as double)) as variance_${name}`).join(',\n    ')},
    ${Object.keys(BEFORE)
        .map((name) => `corr(cast(${name} as double), cast(${name}_before as double)) as correlation_${name}`)
        .join(',\n    ')}
from units`;
