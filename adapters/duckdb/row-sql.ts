import type { StageRequest } from '#core/ingest/ports.ts';
import type { ColumnSql } from './column-sql.ts';
import { constant, literal, typeOfTexts } from './text.ts';

/** The first of some texts that is not null; null where there is none to choose from. */
export function firstText(texts: readonly string[]): string {
    if (texts.length === 0) return 'cast(null as varchar)';
    return texts.length === 1 ? (texts[0] as string) : `coalesce(${texts.join(', ')})`;
}

/**
 * True where a row that can be read at all (`readable`, a condition) has only good columns. Most rows are plain: of a
 * condition of a case, DuckDB asks each part of those rows only that met the ones before.
 */
export function okSql(readable: string, columns: readonly Pick<ColumnSql, 'accepts' | 'plain'>[]): string {
    const plain = allOf([readable, ...columns.map((column) => column.plain)]);
    return `case when ${plain} then true else ${allOf([readable, ...columns.map(({ accepts }) => accepts)])} end`;
}

/** Conditions that all have to be true. */
export function allOf(conditions: readonly string[]): string {
    return conditions.filter((condition) => condition !== 'true').join(' and ') || 'true';
}

/** Why a row is bad, as a list of texts: `row: <broken>` where it could not be read, else each bad column with its reason. */
export function reasonsSql(columns: readonly (Pick<ColumnSql, 'reason'> & { readonly name: string })[]): string {
    const complaints = columns.map(
        ({ name, reason }) => `case when ${reason} is not null then ${literal(`${name}: `)} || ${reason} end`,
    );
    return (
        "case when broken is not null then ['row: ' || broken] " +
        `else list_filter([${complaints.join(', ')}], lambda reason: reason is not null) end`
    );
}

/** The lineage that all rows of a run of staging share. */
export function runLineageSql({
    lineage,
    contract,
}: {
    readonly lineage: Pick<StageRequest['lineage'], 'landedAt' | 'ingestedAt' | 'runId'>;
    readonly contract: Pick<StageRequest['contract'], 'version'>;
}): string[] {
    const instant = (iso: string) => `cast(${literal(iso.replace('T', ' ').replace('Z', ''))} as timestamp)`;
    return [
        `${instant(lineage.landedAt)} as _landed_at`,
        `${instant(lineage.ingestedAt)} as _ingested_at`,
        `${constant(lineage.runId)} as _run_id`,
        `${constant(contract.version)} as _contract_version`,
    ];
}

/** The columns `uri` and `version` of parts as types of a few texts; to be cast before they stand beside each row. */
export function placeTypes(parts: readonly { readonly sourceUri: string; readonly sourceVersion: string }[]): string[] {
    return [
        `cast(uri as ${typeOfTexts(parts.map(({ sourceUri }) => sourceUri))}) as uri`,
        `cast(version as ${typeOfTexts(parts.map(({ sourceVersion }) => sourceVersion))}) as version`,
    ];
}
