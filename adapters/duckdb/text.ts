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
