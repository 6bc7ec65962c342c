import type { IsoDate } from '../../types.ts';
import { isWhole, type Reconciled, type Sales, type SalesFilter, type SalesReport } from './document.ts';
import { sumOf } from './money.ts';
import { type SalesGroup, type SalesQueryContext, salesGroups, tableTotals } from './query.ts';

export interface SalesBuildContext extends SalesQueryContext {
    /** Version of each published table that PostgreSQL holds, by table. */
    published(): Promise<Readonly<Record<string, string>>>;
}

const NOTHING: Sales = { revenue: '0.00', units: 0, customers: 0, purchases: 0 };

/** Computes a report from the order lines as they stand. */
export async function buildSalesReport(
    context: SalesBuildContext,
    asOf: IsoDate,
    filter: SalesFilter,
): Promise<SalesReport> {
    const [groups, stored] = await Promise.all([
        salesGroups(context, filter),
        isWhole(filter) ? storedPlaces(context) : [],
    ]);
    const of = (kind: SalesGroup['kind']) => groups.filter((group) => group.kind === kind);
    const total = salesOf(of('total')[0] ?? NOTHING);
    const cells = of('cell').map((group) => ({
        category: name(group.category),
        segment: name(group.segment),
        ...salesOf(group),
    }));
    const daily = of('day').map((group) => ({ day: name(group.day), ...salesOf(group) }));
    const overTime = (kind: 'week' | 'month') =>
        of(kind)
            .map((group) => ({ startsOn: name(group.day), segment: name(group.segment), ...salesOf(group) }))
            .sort((a, b) => (a.startsOn < b.startsOn ? -1 : a.startsOn > b.startsOn ? 1 : 0));
    const written: Reconciled = {
        place: 'Files of this report',
        revenue: sumOf(cells.map(({ revenue }) => revenue)),
        units: cells.reduce((sum, { units }) => sum + units, 0),
        agrees: true,
        remark: 'the rows of sales_report.csv added up',
    };
    const places = [...stored, written];
    return {
        format: 'cartlake.sales/1',
        asOf,
        filter: { from: filter.from ?? null, to: filter.to ?? null, category: filter.category ?? null },
        days: daily.length === 0 ? null : { first: daily[0]!.day, last: daily.at(-1)!.day },
        total,
        cells,
        categories: of('category').map((group) => ({ category: name(group.category), ...salesOf(group) })),
        segments: of('segment').map((group) => ({ segment: name(group.segment), ...salesOf(group) })),
        daily,
        weekly: overTime('week'),
        monthly: overTime('month'),
        unknown: of('total')[0]?.unknown ?? { products: 0, customers: 0, prices: 0 },
        reconciliation: [
            {
                place: 'Order lines',
                revenue: total.revenue,
                units: total.units,
                agrees: true,
                remark: 'purchases with the price that held',
            },
            ...places.map((place) => ({ ...place, agrees: place.agrees && agrees(place, total) })),
        ],
    };
}

function salesOf({ revenue, units, customers, purchases }: Sales): Sales {
    return { revenue, units, customers, purchases };
}

/** Groups are keyed by what they are about, so that it is there. */
function name(text: string | undefined): string {
    return text ?? '';
}

function agrees({ revenue, units }: Reconciled, total: Sales): boolean {
    return (revenue === null || revenue === total.revenue) && (units === null || units === total.units);
}

/** Every place the sales are kept at, with what it says. */
async function storedPlaces(context: SalesBuildContext): Promise<Reconciled[]> {
    const places: Reconciled[] = [];
    const stored = [
        [
            'Order events',
            'fct_purchases',
            undefined,
            'quantity',
            'each purchase once; compared with the landed rows when it was built',
        ],
        ['Table sales_report', 'sales_report', 'total_revenue', 'units_sold', 'by category and segment'],
        ['Table sales_daily', 'sales_daily', 'total_revenue', 'units_sold', 'by day, category and segment'],
    ] as const;
    for (const [place, table, revenue, units, remark] of stored) {
        places.push({ place, ...(await tableTotals(context, table, revenue, units)), agrees: true, remark });
    }
    const published = (await context.published()).sales_report;
    const current = (await context.catalog.current('sales_report'))?.content;
    places.push({
        place: 'PostgreSQL marts.sales_report',
        revenue: null,
        units: null,
        agrees: published !== undefined && published === current,
        remark:
            published === current
                ? `holds the same version, ${String(published).slice(0, 8)}`
                : 'holds another version; publish again: cartlake build',
    });
    return places;
}
