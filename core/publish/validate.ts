import { UsageError } from '../errors.ts';
import type { PublishMart, PublishRun } from './publisher.ts';

/** PostgreSQL cuts longer names off silently, which can make two names one. */
const LONGEST_NAME_BYTES = 63;

function requireName(what: string, name: string): void {
    const bytes = new TextEncoder().encode(name).length;
    if (bytes < 1 || bytes > LONGEST_NAME_BYTES || name.includes('\0')) {
        throw new UsageError(
            `${what} must be 1 to ${LONGEST_NAME_BYTES} bytes long without a NUL character, found ` +
                `${bytes} bytes: ${JSON.stringify(name)}. Rename it in the model.`,
        );
    }
}

function requireDistinct(what: string, names: readonly string[]): void {
    const seen = new Set<string>();
    for (const name of names) {
        if (seen.has(name)) throw new UsageError(`${what} "${name}" stands there twice; keep one of them.`);
        seen.add(name);
    }
}

function requireMart(mart: PublishMart): void {
    requireName('The name of a published table', mart.table);
    const names = mart.columns.map((column) => column.name);
    for (const name of names) requireName(`A column name of marts.${mart.table}`, name);
    requireDistinct(`marts.${mart.table}: column`, names);
    requireDistinct(`marts.${mart.table}: key column`, mart.key);
    if (mart.key.length === 0) {
        throw new UsageError(
            `marts.${mart.table} has no key, so changed rows cannot be found. Name its key columns in the model header.`,
        );
    }
    for (const name of mart.key) {
        if (names.includes(name)) continue;
        throw new UsageError(
            `The key column "${name}" of marts.${mart.table} is not among its columns (${names.join(', ')}). ` +
                'Correct the key in the model header.',
        );
    }
}

/**
 * Checks what can be checked without a database: names, keys, and that no table is published twice in one run.
 *
 * @throws UsageError at the first fault
 */
export function requirePublishable(run: PublishRun): void {
    for (const mart of run.marts) requireMart(mart);
    requireDistinct(
        'The published table',
        run.marts.map((mart) => mart.table),
    );
}
