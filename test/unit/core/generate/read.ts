import type { GeneratedFiles } from '#core/generate/files.ts';

/** The text of one generated file, by the beginning of its name. */
export function textOf({ files }: GeneratedFiles, name: string): string {
    const file = files.find((one) => one.name.startsWith(name));
    if (file === undefined) throw new Error(`no file ${name}`);
    return [...file.chunks].join('');
}

/** Rows of a generated file by column. Splits at commas: fine for all columns but the JSON of searches, the last. */
export function rowsOf(generated: GeneratedFiles, name: string): Record<string, string>[] {
    const [header = '', ...lines] = textOf(generated, name).trimEnd().split('\n');
    const columns = header.split(',');
    return lines.map((line) => {
        const fields = line.split(',');
        return Object.fromEntries(columns.map((column, at) => [column, fields[at] ?? '']));
    });
}
