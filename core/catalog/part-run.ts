import type { TablePart } from './version.ts';

/** The run that computed a part: builds write below `marts/<model>/run=<run>/`. Undefined where it has no rows. */
export function runOfPart({ file }: Pick<TablePart, 'file'>): string | undefined {
    return file === undefined ? undefined : /\/run=([^/]+)\//.exec(file)?.[1];
}
