import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { newestOf } from '../build/inputs.ts';
import { publishedVersions } from '../build/published.ts';
import { canonicalJson } from '../experiment/canonical.ts';
import type { BlobStore, ControlStore } from '../store/ports.ts';
import type { IsoInstant } from '../types.ts';
import { safeFileName } from './file-name.ts';
import { buildSalesReport } from './sales/build-report.ts';
import { categoryCsvs, renderSalesCsv } from './sales/csv.ts';
import type { SalesFilter, SalesMeta, SalesReport } from './sales/document.ts';
import { renderSalesHtml, type SalesLink } from './sales/html.ts';
import type { SalesQueryContext } from './sales/query.ts';
import { salesSheets } from './sales/sheets.ts';
import type { WriteWorkbook } from './workbook.ts';

export interface SalesReportContext extends SalesQueryContext {
    readonly control: ControlStore;
    readonly blobs: BlobStore;
    readonly writeWorkbook: WriteWorkbook;
    readonly now: () => IsoInstant;
    removeScratch(folder: string): Promise<void>;
}

/** A sales report as it lies in the lake. */
export interface WrittenSalesReport {
    readonly report: SalesReport;
    readonly meta: SalesMeta;
    /** Blob key of the folder. */
    readonly folder: string;
    /** False when the same report was there already. */
    readonly isNew: boolean;
}

const ALL_SALES: SalesFilter = { from: undefined, to: undefined, category: undefined };
const WORKBOOK = 'sales_report.xlsx';

/**
 * Writes the sales report of a lake in all its forms below `reports/sales/<day of the newest event>/`; a part of the
 * sales gets a folder below that. What is there already with the same numbers is left alone. Undefined when no order
 * events have come yet.
 */
export async function writeSalesReport(
    context: SalesReportContext,
    filter: SalesFilter = ALL_SALES,
): Promise<WrittenSalesReport | undefined> {
    const version = await context.catalog.current('sales_report');
    if (version === undefined) return undefined;
    const asOf = newestOf(await context.objects('order_events'))?.slice(0, 10);
    if (asOf === undefined) return undefined;
    const published = () => publishedVersions(context.control);
    const report = await buildSalesReport({ ...context, published }, asOf, filter);
    const hash = createHash('sha256').update(canonicalJson(report)).digest('hex').slice(0, 16);
    const folder = folderOf(report);
    const meta = { generatedAt: version.builtAt, hash };
    if (await isWritten(context.blobs, folder, hash)) return { report, meta, folder, isNew: false };
    await writeFiles(context, folder, report, meta);
    return { report, meta, folder, isNew: true };
}

function folderOf({ asOf, filter: { from, to, category } }: SalesReport): string {
    const parts = [
        from === null ? [] : [`from-${from}`],
        to === null ? [] : [`to-${to}`],
        category === null ? [] : [`category-${safeFileName(category)}`],
    ].flat();
    return ['reports/sales', asOf, ...(parts.length === 0 ? [] : [parts.join('_')])].join('/');
}

/** The JSON is written last: where it is, everything is. */
async function isWritten(blobs: BlobStore, folder: string, hash: string): Promise<boolean> {
    const text = await blobs.readText(`${folder}/report.json`);
    return text !== undefined && (JSON.parse(text) as { meta?: SalesMeta }).meta?.hash === hash;
}

async function writeFiles(
    context: SalesReportContext,
    folder: string,
    report: SalesReport,
    meta: SalesMeta,
): Promise<void> {
    const { blobs } = context;
    const csvs = new Map([...categoryCsvs(report)].map(([name, text]) => [name, { file: csvName(name), text }]));
    const links: SalesLink[] = [
        { label: 'Excel', href: WORKBOOK },
        { label: 'CSV', href: 'sales_report.csv' },
        { label: 'JSON', href: 'report.json' },
        ...[...csvs].map(([name, { file }]) => ({ label: name, href: file })),
    ];
    const texts = new Map([
        ['sales_report.csv', renderSalesCsv(report.cells)],
        ...[...csvs.values()].map(({ file, text }) => [file, text] as const),
        ['index.html', renderSalesHtml(report, meta, links)],
    ]);
    for (const [name, text] of texts) await blobs.putText(`${folder}/${name}`, text);
    await putWorkbook(context, `${folder}/${WORKBOOK}`, report);
    await blobs.putText(`${folder}/report.json`, `${JSON.stringify({ ...report, meta }, null, 2)}\n`);
    const kept = new Set([...texts.keys(), WORKBOOK, 'report.json'].map((name) => `${folder}/${name}`));
    const stale = (await blobs.list(folder)).map(({ key }) => key).filter((key) => isStale(key, folder, kept));
    if (stale.length > 0) await blobs.remove(stale);
}

function csvName(category: string): string {
    return `category-${safeFileName(category)}.csv`;
}

/** A category that is gone leaves a file; folders below are other reports. */
function isStale(key: string, folder: string, kept: ReadonlySet<string>): boolean {
    return !kept.has(key) && !key.slice(folder.length + 1).includes('/');
}

async function putWorkbook(context: SalesReportContext, key: string, report: SalesReport): Promise<void> {
    const scratch = await context.blobs.scratch();
    try {
        const path = join(scratch, WORKBOOK);
        await context.writeWorkbook(salesSheets(report), path);
        await context.blobs.put(key, path);
    } finally {
        await context.removeScratch(scratch);
    }
}
