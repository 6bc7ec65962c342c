import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { type Entry, openPromise } from 'yauzl';
import { writeWorkbook } from '#adapters/xlsx/workbook.ts';
import type { Sheet } from '#core/report/workbook.ts';
import { temporaryFolder } from '#test/support/temporary.ts';
import { HOSTILE } from '../../core/report/sales/report.ts';

/** The parts of a workbook as text. */
async function partsOf(sheets: readonly Sheet[]): Promise<Map<string, string>> {
    const path = join(await temporaryFolder(), 'book.xlsx');
    await writeWorkbook(sheets, path);
    const zip = await openPromise(path);
    const parts = new Map<string, string>();
    for await (const entry of zip.eachEntry() as AsyncIterable<Entry>) {
        parts.set(entry.fileName, String(await buffer(await zip.openReadStreamPromise(entry))));
    }
    return parts;
}

const sheet = (rows: Sheet['rows']): Sheet => ({ name: 'Sales', widths: [10, 10], rows });

describe('a workbook', () => {
    it('keeps numbers as numbers with their formats, and its first row in sight', async () => {
        const parts = await partsOf([
            sheet([
                [
                    { kind: 'heading', text: 'Revenue', over: 'numbers' },
                    { kind: 'heading', text: 'Day', over: 'texts' },
                ],
                [
                    { kind: 'money', value: '1234.50' },
                    { kind: 'count', value: 7 },
                ],
                [
                    { kind: 'formula', formula: 'SUM(A2:A2)', format: 'money' },
                    { kind: 'date', date: '2024-03-01' },
                ],
            ]),
        ]);
        const xml = parts.get('xl/worksheets/sheet1.xml') ?? '';

        expect(xml).toMatch(/<c r="A2" s="\d+"><v>1234.5<\/v>/);
        expect(xml).toMatch(/<c r="B2" s="\d+"><v>7<\/v>/);
        expect(xml).toMatch(/<c r="A3" s="\d+"><f>SUM\(A2:A2\)<\/f>/);
        expect(xml).toMatch(/<c r="B3" s="\d+"[^>]*><v>45352<\/v>/);
        expect(xml).toMatch(/<pane ySplit="1"[^>]*state="frozen"/);
        expect(parts.get('xl/styles.xml')).toContain('#,##0.00');
        expect(parts.get('xl/styles.xml')).toMatch(/horizontal="right"/);
    });

    it('keeps every text a text, whatever it begins with', async () => {
        const parts = await partsOf([sheet(HOSTILE.map((text) => [{ kind: 'text', text }]))]);
        const xml = parts.get('xl/worksheets/sheet1.xml') ?? '';

        expect(xml).not.toContain('<f>');
        expect([...xml.matchAll(/<c r="A\d+"[^>]* t="s">/g)]).toHaveLength(HOSTILE.length);
        expect(parts.get('xl/sharedStrings.xml')).toContain('&lt;b&gt;');
    });

    it('takes texts with control characters and of any length', async () => {
        const parts = await partsOf([sheet([[{ kind: 'text', text: `a\u0000b${'x'.repeat(40_000)}` }]])]);

        expect(parts.get('xl/sharedStrings.xml')).toMatch(/a bx{32764}</);
    });
});
