/** A SQL string literal; the only way text from outside enters a statement. */
export function literal(text: string): string {
    const plain = text.replaceAll("'", "''");
    // DuckDB ends a statement at a NUL character.
    return plain.includes('\0') ? `'${plain.replaceAll('\0', "' || chr(0) || '")}'` : `'${plain}'`;
}

/** A quoted identifier. */
export function identifier(name: string): string {
    return `"${name.replaceAll('"', '""')}"`;
}

/** A list of string literals, `['a', 'b']`. */
export function literals(texts: readonly string[]): string {
    return `[${texts.map(literal).join(', ')}]`;
}

/**
 * The type of a column that has these texts only. It is written to Parquet as text, in half the time: its dictionary is
 * there already.
 */
export function typeOfTexts(texts: readonly string[]): string {
    // The names of a type are literals, which cannot hold NUL.
    if (texts.length === 0 || texts.some((text) => text.includes('\0'))) return 'varchar';
    return `enum(${[...new Set(texts)].map(literal).join(', ')})`;
}

/** A text that is the same in all rows of a column. */
export function constant(text: string): string {
    return `cast(${literal(text)} as ${typeOfTexts([text])})`;
}
