import { relationSql } from '#core/models/render.ts';
import { type InputSource, resolveInput } from '../../build/inputs.ts';
import type { BoundInput, DataRow, Statement, TableEngine } from '../../build/ports.ts';
import { bindInput } from '../../build/relations.ts';
import type { IsoDate } from '../../types.ts';
import type { Sales, SalesFilter } from './document.ts';

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

const GROUPS: readonly (readonly [kind: SalesGroup['kind'], category: string, segment: string, day: string])[] = [
    ['total', 'null', 'null', 'null'],
    ['cell', 'category', 'customer_segment', 'null'],
    ['category', 'category', 'null', 'null'],
    ['segment', 'null', 'customer_segment', 'null'],
    ['day', 'null', 'null', 'sold_on'],
    ['week', 'null', 'customer_segment', "date_trunc('week', sold_on)"],
    ['month', 'null', 'customer_segment', "date_trunc('month', sold_on)"],
];

function linesSql(bind: (name: string) => string, { graph }: SalesQueryContext): string {
    return `select lines.* from ${relationSql(graph, LINES, bind)} as lines
        cross join ${bind(WANTED)} as wanted
        where lines.sold_on between wanted.first_day and wanted.last_day
            and (not wanted.has_category or lines.category = wanted.category)`;
}

/** Sales by one kind of group. */
function groupSql([kind, category, segment, day]: (typeof GROUPS)[number]): string {
    return `select kind, category, segment, day, cast(coalesce(sum(revenue), 0) as decimal(18, 2)) as revenue,
            cast(sum(quantity) as bigint) as units, count(distinct customer_id) as customers, count(*) as purchases,
            count(case when not is_product_known then 1 end) as unknown_products,
            count(case when not is_customer_known then 1 end) as unknown_customers,
            count(case when is_product_known and revenue is null then 1 end) as without_price
        from (
            select '${kind}' as kind, cast(${category} as varchar) as category, cast(${segment} as varchar) as segment,
                cast(${day} as date) as day, revenue, quantity, customer_id, is_product_known, is_customer_known
            from lines
        ) as keyed
        group by kind, category, segment, day`;
}

/**
 * All groups of the wanted sales, read in one pass over the order lines. Each kind is grouped by itself: together they
 * would be seven times the lines in one table of groups.
 */
export async function salesGroups(context: SalesQueryContext, filter: SalesFilter): Promise<SalesGroup[]> {
    const groups = GROUPS.map(groupSql).join(' union all ');
    const rows = await context.engine.rows({
        inputs: await inputsOf(context, filter),
        render: (bind) => `with lines as (${linesSql(bind, context)}), grouped as (${groups})
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
