import { describe, expect, it } from 'vitest';
import { ContractError } from '#core/errors.ts';
import { sniff } from '#core/ingest/sniff.ts';

const KNOWN = new Set(['order_id', 'ordered_at', 'status', 'total', 'bestell nr.']);
const known = (headings: readonly string[]) => headings.filter((heading) => KNOWN.has(heading.toLowerCase())).length;
const sniffed = (content: string | Buffer) => sniff(Buffer.from(content as string), known);
const headingsOf = (content: string | Buffer) => {
    const { format } = sniffed(content);
    return format.kind === 'parquet' ? undefined : format.columns;
};

function utf16(text: string, order: 'le' | 'be', mark = true): Buffer {
    const bytes = Buffer.from((mark ? '\ufeff' : '') + text, 'utf16le');
    return order === 'be' ? bytes.swap16() : bytes;
}

const CSV = 'order_id,ordered_at,total\n1,2026-01-01,5\n';

describe('the encoding', () => {
    it('is UTF-8 with and without a byte order mark, which is no part of the first heading', () => {
        expect(sniffed(CSV).encoding).toBe('utf-8');
        expect(sniffed(`\ufeff${CSV}`).encoding).toBe('utf-8');
        expect(headingsOf(`\ufeff${CSV}`)).toEqual(['order_id', 'ordered_at', 'total']);
        expect(headingsOf(`\ufeff"order_id",total\n`)).toEqual(['order_id', 'total']);
    });

    it.each([true, false])('is UTF-16 in either order, with a byte order mark: %s', (mark) => {
        expect(sniffed(utf16(CSV, 'le', mark))).toMatchObject({ encoding: 'utf-16le' });
        expect(sniffed(utf16(CSV, 'be', mark))).toMatchObject({ encoding: 'utf-16be' });
        expect(headingsOf(utf16(CSV, 'be', mark))).toEqual(['order_id', 'ordered_at', 'total']);
    });

    it('does not care for a letter that is cut in two at the end of the head', () => {
        const bytes = Buffer.from(`${CSV}1,ä`);

        expect(headingsOf(bytes.subarray(0, bytes.length - 1))).toEqual(['order_id', 'ordered_at', 'total']);
    });
});

describe('what is no text', () => {
    it.each([
        ['nothing', Buffer.alloc(0), 'The file is empty'],
        ['blank lines', Buffer.from('\n  \r\n\n'), 'only blank lines'],
        ['a byte order mark alone', Buffer.from('\ufeff'), 'only blank lines'],
        ['a zip archive (of gzip)', Buffer.from('PK\x03\x04 and more'), 'a zip archive inside gzip'],
        ['compressed bytes', Buffer.from('c8a1f3197b42d5ee601b9d37e2c45a8f0e13b6d97a25', 'hex'), 'not text'],
        ['an image', Buffer.from([0x89, 0x50, 0, 0, 0, 1, 2, 3, 4, 0, 0, 7, 8, 0, 2, 5]), 'not text'],
    ])('is refused: %s', (_, bytes, message) => {
        expect(() => sniffed(bytes)).toThrow(ContractError);
        expect(() => sniffed(bytes)).toThrow(message);
    });

    it('may be Parquet', () => {
        expect(sniffed('PAR1 and bytes')).toEqual({ format: { kind: 'parquet' }, encoding: 'utf-8', blankBytes: 0 });
    });
});

describe('the delimiter', () => {
    it.each([',', ';', '\t', '|', '^', '~', '\x01', '¬', ':'])('can be %j', (delimiter) => {
        const text = ['order_id', 'ordered_at', 'total'].join(delimiter);

        expect(sniffed(`${text}\n1${delimiter}2${delimiter}3\n`).format).toEqual({
            kind: 'csv',
            delimiter,
            columns: ['order_id', 'ordered_at', 'total'],
        });
    });

    it('is the one that gives headings the contract knows, whatever else stands in them', () => {
        expect(headingsOf('order_id;total (incl. tax, shipping, gift);status\n')).toEqual([
            'order_id',
            'total (incl. tax, shipping, gift)',
            'status',
        ]);
    });

    it('is the one that gives most headings when the contract knows none', () => {
        expect(headingsOf('a;b;c,d\n')).toEqual(['a', 'b', 'c,d']);
    });

    it('does not matter for one column', () => {
        expect(headingsOf('order_id\n1\n')).toEqual(['order_id']);
    });
});

describe('the headings of a CSV file', () => {
    it('may be quoted, with delimiters, quotes and line breaks in them', () => {
        expect(headingsOf('"order_id","a, ""b""\nc" , status \r\n1,2,3\r\n')).toEqual([
            'order_id',
            'a, "b"\nc',
            'status',
        ]);
    });

    it('end with the first line, also where lines end in carriage returns alone', () => {
        expect(headingsOf('order_id,status\r1,open\r')).toEqual(['order_id', 'status']);
    });

    it('may be empty', () => {
        expect(headingsOf('order_id,,status,\n')).toEqual(['order_id', '', 'status', '']);
    });

    it('keep an empty first heading in front of a tab, as dataframes write their index', () => {
        expect(headingsOf('\torder_id\tstatus\n0\t1\topen\n')).toEqual(['', 'order_id', 'status']);
    });

    it('may come after blank lines', () => {
        const text = '\n\r\n  \norder_id,status\n1,open\n';

        expect(headingsOf(text)).toEqual(['order_id', 'status']);
        expect(sniffed(text).blankBytes).toBe(6);
        expect(sniffed(`\ufeff${text}`).blankBytes).toBe(6);
        expect(sniffed(utf16(text, 'be')).blankBytes).toBe(6);
    });

    it('are not too many', () => {
        const many = Array.from({ length: 2001 }, (_, n) => `c${n}`).join();

        expect(() => sniffed(`${many}\n`)).toThrow('The file has 2001 columns; at most 2000 are read.');
        expect(() => sniffed(`${many}\n`)).toThrow(ContractError);
    });
});

describe('JSON', () => {
    it('is one object a line, with all keys of the first lines', () => {
        const text = '{"order_id": 1, "status": "open"}\r\n\n{"order_id": 2, "total": 5}\nnot json\n[1]\n{"cut": ';

        expect(sniffed(text).format).toEqual({ kind: 'ndjson', columns: ['order_id', 'status', 'total'] });
        expect(sniffed(`\ufeff${text}`).format.kind).toBe('ndjson');
        expect(sniffed(`\n  ${text}`).format.kind).toBe('ndjson');
    });

    it('is an array of objects, on one line or on many, cut anywhere', () => {
        const text =
            '[ {"order_id": 1, "note": "a \\"quoted\\" } ] text", "in": {"a": [1]}},\n 5, [1], "text{",\n{"total": 2}, {"cut": 1';

        expect(sniffed(text).format).toEqual({ kind: 'json_array', columns: ['order_id', 'note', 'in', 'total'] });
        expect(sniffed('[]').format).toEqual({ kind: 'json_array', columns: [] });
    });

    it('has the keys of the whole items of an array, wherever its head is cut, be it short or long', () => {
        const text = `[${'1, '.repeat(250)}{"a": 1, "in": {"b": [{"x": 1}]}}, [{"c": 1}], {"d": "}]\\"", "a": 2}, {oops}, {"e": null}] x`;
        const longer = `[${' '.repeat(17_000)}`;
        for (let length = 1; length <= text.length; length++) {
            const cut = text.slice(0, length);
            expect([cut, sniffed(cut).format]).toEqual([cut, sniffed(longer + cut.slice(1)).format]);
        }
        expect(headingsOf(text)).toEqual(['a', 'in', 'd', 'e']);
        expect(headingsOf(text.slice(0, text.indexOf('{oops')))).toEqual(['a', 'in', 'd']);
    });

    it('has a limit on keys', () => {
        const line = (from: number) =>
            JSON.stringify(Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`k${from + n}`, 1])));
        const text = Array.from({ length: 41 }, (_, n) => line(n * 50)).join('\n');

        expect(() => sniffed(text)).toThrow('The rows have more than 2000 different keys; at most that many are read.');
        expect(() => sniffed(text)).toThrow(ContractError);
    });
});
