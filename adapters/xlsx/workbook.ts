import type { SheetCell, WriteWorkbook } from '#core/report/workbook.ts';

const FORMATS = { count: '#,##0', money: '#,##0.00' } as const;
const DATE_FORMAT = 'yyyy-mm-dd';
const CONTROL = /\p{Cc}/gu;
const MOST_CHARACTERS = 32_767;

/** Loads the library before it is used: most processes never write a workbook. */
export const loadWorkbooks = () => import('write-excel-file/node');

/** Writes a workbook. */
export const writeWorkbook: WriteWorkbook = async (sheets, path) => {
    const { default: writeXlsxFile } = await loadWorkbooks();
    await writeXlsxFile(
        sheets.map(({ name, widths, rows }) => ({
            sheet: name,
            columns: widths.map((width) => ({ width })),
            stickyRowsCount: 1,
            data: rows.map((row) => row.map(cellOf)),
        })),
    ).toFile(path);
};

function cellOf(cell: SheetCell) {
    if (cell === null) return null;
    const strong = 'isStrong' in cell && cell.isStrong ? ({ fontWeight: 'bold' } as const) : {};
    switch (cell.kind) {
        case 'text':
            return { type: String, value: textOf(cell.text), ...strong };
        case 'heading':
            return {
                type: String,
                value: textOf(cell.text),
                fontWeight: 'bold' as const,
                align: cell.over === 'numbers' ? ('right' as const) : ('left' as const),
            };
        case 'count':
            return { type: Number, value: cell.value, format: FORMATS.count, ...strong };
        case 'money':
            return { type: Number, value: Number(cell.value), format: FORMATS.money, ...strong };
        case 'date':
            return {
                type: Date,
                value: new Date(`${cell.date}T00:00:00Z`),
                format: DATE_FORMAT,
                align: 'left' as const,
            };
        case 'formula':
            return {
                type: 'Formula' as const,
                value: cell.formula,
                format: FORMATS[cell.format],
                fontWeight: 'bold' as const,
            };
    }
}

/** As a text cell nothing is a formula. XML has no control characters, and a cell has an end. */
function textOf(text: string): string {
    return text.replaceAll(CONTROL, ' ').slice(0, MOST_CHARACTERS);
}
