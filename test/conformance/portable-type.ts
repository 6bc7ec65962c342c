/** The portable type that a type of Trino counts as; other types stay as they are. */
export function portableType(type: string): string {
    if (/^(tinyint|smallint|integer|bigint)$/.test(type)) return 'bigint';
    if (/^(real|double)$/.test(type)) return 'double';
    if (/^varchar(\(\d+\))?$/.test(type)) return 'varchar';
    if (/^timestamp\(\d+\)$/.test(type)) return 'timestamp';
    if (/^decimal\(\d+, ?[0-2]\)$/.test(type)) return 'decimal(18,2)';
    return type;
}
