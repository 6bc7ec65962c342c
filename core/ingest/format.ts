/** How a landed file is to be read; found by Probe, used by Stage. */
export type FileFormat =
    | {
          readonly kind: 'csv';
          readonly delimiter: string;
          /** Headings in file order, as found (trimmed, without byte order mark). */
          readonly columns: readonly string[];
      }
    /** One JSON object a line. `columns` are the keys seen in the first lines. */
    | { readonly kind: 'ndjson'; readonly columns: readonly string[] }
    /** One JSON array of objects. */
    | { readonly kind: 'json_array'; readonly columns: readonly string[] }
    | { readonly kind: 'parquet'; readonly columns: readonly string[] };

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** Everything about a file's bytes that Stage needs. */
export interface Probed {
    readonly format: FileFormat;
    readonly compression: 'none' | 'gzip';
    readonly encoding: Encoding;
    /** Bytes of blank lines before the heading of a CSV file, in UTF-8; they have to go before it is read. */
    readonly blankBytes: number;
}
