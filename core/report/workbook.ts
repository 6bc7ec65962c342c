import type { IsoDate } from '../types.ts';

/** One cell of a sheet. Texts stay texts, whatever they begin with. */
export type SheetCell =
    | null
    | { readonly kind: 'text'; readonly text: string; readonly isStrong?: boolean }
    /** Stands right where it heads numbers. */
    | { readonly kind: 'heading'; readonly text: string; readonly over: 'texts' | 'numbers' }
    | { readonly kind: 'count'; readonly value: number; readonly isStrong?: boolean }
    /** Money as decimal text. */
    | { readonly kind: 'money'; readonly value: string; readonly isStrong?: boolean }
    | { readonly kind: 'date'; readonly date: IsoDate }
    /** Written by this program, never from data. */
    | { readonly kind: 'formula'; readonly formula: string; readonly format: 'count' | 'money' };

export interface Sheet {
    readonly name: string;
    /** Widths of the columns in characters. */
    readonly widths: readonly number[];
    /** The first row is the heading and stays in sight. */
    readonly rows: readonly (readonly SheetCell[])[];
}

/** Writes a spreadsheet workbook (.xlsx) to a file of this machine. */
export type WriteWorkbook = (sheets: readonly Sheet[], path: string) => Promise<void>;
