import { relationSql } from '#core/models/render.ts';
import { type InputSource, resolveInput } from '../../build/inputs.ts';
import type { BoundInput, DataRow, Statement, TableEngine } from '../../build/ports.ts';
import { bindInput } from '../../build/relations.ts';
import type { IsoDate } from '../../types.ts';
import { isWhole, type Sales, type SalesFilter } from './document.ts';

export interface SalesQueryContext extends InputSource {
    readonly engine: Pick<TableEngine, 'rows'>;
}

/** Sales of one group; what the group is not about is undefined. */
export interface SalesGroup extends Sales {
    readonly kind: 'total' | 'cell' | 'category' | 'segment' | 'day' | 'week' | 'month';
    readonly category: string | undefined;
    readonly segment: string | undefined;
    readonly day: IsoDate | undefined;
    /** Purchases of the group without the full story. */
    readonly unknown: { readonly products: number; readonly customers: number; readonly prices: number };
}

const WHOLE = { lookback: 0, lookahead: 0 };
const LINES = 'fct_order_lines';
const WANTED = 'wanted_sales';

/** What a filter says, as a relation: no text of a person becomes SQL. */
function wanted({ from, to, category }: SalesFilter): BoundInput {
    return {
        kind: 'values',
        columns: [
            { name: 'first_day', type: 'date' },
            { name: 'last_day', type: 'date' },
            { name: 'has_category', type: 'boolean' },
            { name: 'category', type: 'varchar' },
        ],
        rows: [[from ?? '0001-01-01', to ?? '9999-12-31', String(category !== undefined), category ?? '']],
    };
}

function linesSql(bind: (name: string) => string, { graph }: SalesQueryContext, filter: SalesFilter): string {
    const lines = `select sold.category, sold.customer_segment as segment, sold.sold_on as day, sold.customer_id,
            sold.quantity, sold.revenue, sold.is_product_known, sold.is_customer_known
        from ${relationSql(graph, LINES, bind)} as sold`;
    if (isWhole(filter)) return lines;
    return `${lines} cross join ${bind(WANTED)} as wanted
        where sold.sold_on between wanted.first_day and wanted.last_day
            and (not wanted.has_category or sold.category = wanted.category)`;
}

const PLACES = '(), (category), (segment), (category, segment)';
const PERIODS = '(day), (week, segment), (month, segment)';

/**
 * Money and counts add up: those of all groups are made of the finest ones, a few rows a day. Customers do not: each
 * group looks at its own. Order lines always have a category, a segment and a day: null is what a group is not about.
 */
const GROUPED_SQL = `sold as (
        select category, segment, day, date_trunc('week', day) as week, date_trunc('month', day) as month,
            sum(revenue) as revenue, sum(quantity) as units, count(*) as purchases,
            count(case when not is_product_known then 1 end) as unknown_products,
            count(case when not is_customer_known then 1 end) as unknown_customers,
            count(case when is_product_known and revenue is null then 1 end) as without_price
        from lines
        group by category, segment, day
    ), counted as (
        select category, segment, day, week, month, sum(revenue) as revenue, sum(units) as units,
            sum(purchases) as purchases, sum(unknown_products) as unknown_products,
            sum(unknown_customers) as unknown_customers, sum(without_price) as without_price, 0 as customers
        from sold
        group by grouping sets (${PLACES}, ${PERIODS})
        union all
        select category, segment, cast(null as date), cast(null as date), cast(null as date),
            null, 0, 0, 0, 0, 0, count(distinct customer_id)
        from (select distinct category, segment, customer_id from lines) as buyers
        group by grouping sets (${PLACES})
        union all
        select cast(null as varchar), segment, day, week, month, null, 0, 0, 0, 0, 0, count(distinct customer_id)
        from (
            select segment, day, date_trunc('week', day) as week, date_trunc('month', day) as month, customer_id
            from lines
        ) as buyers
        group by grouping sets (${PERIODS})
    ), grouped as (
        select
            case
                when day is not null then 'day'
                when week is not null then 'week'
                when month is not null then 'month'
                when category is not null and segment is not null then 'cell'
                when category is not null then 'category'
                when segment is not null then 'segment'
                else 'total'
            end as kind,
            category, segment, coalesce(day, week, month) as day,
            cast(coalesce(sum(revenue), 0) as decimal(18, 2)) as revenue, cast(sum(units) as bigint) as units,
            cast(sum(customers) as bigint) as customers, cast(sum(purchases) as bigint) as purchases,
            cast(sum(unknown_products) as bigint) as unknown_products,
            cast(sum(unknown_customers) as bigint) as unknown_customers,
            cast(sum(without_price) as bigint) as without_price
        from counted
        group by category, segment, day, week, month
    )`;

/** All groups of the wanted sales; without sales, a total of nothing. */
export async function salesGroups(context: SalesQueryContext, filter: SalesFilter): Promise<SalesGroup[]> {
    const rows = await context.engine.rows({
        inputs: await inputsOf(context, filter),
        render: (bind) => `with lines as (${linesSql(bind, context, filter)}), ${GROUPED_SQL}
            select * from grouped order by kind, category, segment, day`,
    });
    return rows.map(groupOf);
}

/** Totals of a stored table. */
export async function tableTotals(
    context: SalesQueryContext,
    table: string,
    revenueColumn: string | undefined,
    unitsColumn: string,
): Promise<{ revenue: string | null; units: number }> {
    const money = revenueColumn === undefined ? 'null' : `coalesce(sum(${revenueColumn}), 0)`;
    const [row] = await context.engine.rows({
        inputs: new Map([[table, bindInput(await resolveInput(context, table), WHOLE, undefined)]]),
        render: (bind) => `select cast(${money} as decimal(18, 2)) as revenue,
            cast(coalesce(sum(${unitsColumn}), 0) as bigint) as units from ${bind(table)} as stored`,
    });
    return { revenue: textOf(row?.revenue) ?? null, units: Number(row?.units ?? 0) };
}

async function inputsOf(context: SalesQueryContext, filter: SalesFilter): Promise<Statement['inputs']> {
    const inputs = new Map<string, BoundInput>([[WANTED, wanted(filter)]]);
    for (const name of context.graph.upstream(LINES)) {
        inputs.set(name, bindInput(await resolveInput(context, name), WHOLE, undefined));
    }
    return inputs;
}

function groupOf(row: DataRow): SalesGroup {
    return {
        kind: row.kind as SalesGroup['kind'],
        category: textOf(row.category),
        segment: textOf(row.segment),
        day: textOf(row.day)?.slice(0, 10),
        revenue: textOf(row.revenue) ?? '0.00',
        units: Number(row.units),
        customers: Number(row.customers),
        purchases: Number(row.purchases),
        unknown: {
            products: Number(row.unknown_products),
            customers: Number(row.unknown_customers),
            prices: Number(row.without_price),
        },
    };
}

function textOf(value: unknown): string | undefined {
    return value === null || value === undefined ? undefined : String(value);
}
