import { extname } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
    '.csv': 'text/csv; charset=utf-8',
    '.html': 'text/html; charset=utf-8',
    '.json': 'application/json',
    '.md': 'text/markdown; charset=utf-8',
    '.parquet': 'application/vnd.apache.parquet',
    '.svg': 'image/svg+xml',
};

/** The media type of a key by its ending, so that a browser shows a report instead of saving it. */
export function contentTypeOf(key: string): string {
    return TYPES[extname(key)] ?? 'application/octet-stream';
}
