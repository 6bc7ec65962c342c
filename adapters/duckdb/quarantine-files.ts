import { readFile } from 'node:fs/promises';
import { UsageError } from '#core/errors.ts';
import type { EditedRow } from '#core/quarantine/corrections.ts';
import type { Database, Session } from './database.ts';
import { number } from './staged-counts.ts';
import { identifier, literal } from './text.ts';

/** Rejected rows of an object, and the file that people edit. */
export interface QuarantineExport {
    readonly quarantinePath: string;
    readonly object: string;
    /** Ends in .csv, .parquet, or anything else for NDJSON. */
    readonly target: string;
}

/** The record as JSON where it could be cut into fields, else null. */
const FIELDS = `case when json_valid(raw) then case when json_type(raw) = 'OBJECT' then raw end end`;

/**
 * Writes rejected rows with a column for each field they have, as text, behind where each row stands, why it was
 * rejected and the record as it came. Returns the number of rows.
 */
export function exportQuarantine(
    database: Database,
    { quarantinePath, object, target }: QuarantineExport,
): Promise<number> {
    const rows = `read_parquet(${literal(quarantinePath)})`;
    return database.session(async (session) => {
        const fields = (await fieldNames(session, rows)).map(
            (name) => `json_extract_string(${FIELDS}, ${literal(`$.${JSON.stringify(name)}`)}) as ${identifier(name)}`,
        );
        const columns = [
            ...fields,
            "array_to_string(reasons, '; ') as _reasons",
            '_source_uri',
            '_source_row',
            `${literal(object)} as _object`,
            'raw as _raw',
        ];
        const format = target.endsWith('.csv') ? 'csv' : target.endsWith('.parquet') ? 'parquet' : 'json';
        const sql = `select ${columns.join(', ')} from ${rows} order by _source_uri, _source_row`;
        return number(session, `copy (${sql}) to ${literal(target)} (format ${format})`);
    });
}

/** Fields in the order of the records; one of those whose names differ in case alone, the others stand in `_raw`. */
async function fieldNames(session: Session, rows: string): Promise<string[]> {
    const found = await session.rows(
        `select name, min(place) as place from (select unnest(json_keys(f)) as name, generate_subscripts(json_keys(f), 1) as place ` +
            `from (select ${FIELDS} as f from ${rows})) group by name order by place, name`,
    );
    const seen = new Set(['_reasons', '_source_uri', '_source_row', '_object', '_raw']);
    return found
        .map(({ name }) => String(name))
        .filter((name) => {
            const isNew = !seen.has(name.toLowerCase());
            seen.add(name.toLowerCase());
            return isNew;
        });
}

/** Rows of an edited export as text; an empty field of a CSV file is none. Throws UsageError when it cannot be read. */
export async function readEdited(database: Database, path: string): Promise<EditedRow[]> {
    if (/\.(ndjson|jsonl|json)$/.test(path)) return jsonLines(path);
    const source = path.endsWith('.parquet')
        ? `select columns(*)::varchar from read_parquet(${literal(path)})`
        : `select * from read_csv(${literal(path)}, header = true, all_varchar = true, delim = ',', quote = '"', escape = '"')`;
    try {
        const rows = await database.session((session) => session.rows(source));
        return rows as EditedRow[];
    } catch (error) {
        throw new UsageError(
            `${path} cannot be read: expected a file as cartlake quarantine export writes it (.csv with commas, .ndjson, .parquet), ` +
                `found ${String((error as Error).message).split('\n')[0]}`,
            { cause: error },
        );
    }
}

async function jsonLines(path: string): Promise<EditedRow[]> {
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        throw new UsageError(
            `${path} cannot be read (${error.code}): expected a file that cartlake quarantine export wrote.`,
        );
    });
    return text.split('\n').flatMap((line, index) => {
        if (line.trim() === '') return [];
        try {
            const entries = Object.entries(JSON.parse(line) as Record<string, unknown>);
            return [Object.fromEntries(entries.map(([name, value]) => [name, textOf(value)]))];
        } catch (error) {
            throw new UsageError(
                `Line ${index + 1} of ${path} is no JSON object. Correct it and give the file again.`,
                {
                    cause: error,
                },
            );
        }
    });
}

function textOf(value: unknown): string | null {
    if (value === null || value === undefined) return null;
    return typeof value === 'string' ? value : JSON.stringify(value);
}
