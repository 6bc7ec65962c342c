import type { ControlStore } from '../store/ports.ts';
import { swap } from '../store/swap.ts';

const KEY = 'control/published';

/**
 * What was last published, by table: a hint that lets a plan say "nothing to do" without asking the database.
 * The database's own log is the authority.
 */
export async function publishedVersions(control: ControlStore): Promise<Readonly<Record<string, string>>> {
    return (await control.read<Record<string, string>>(KEY))?.value ?? {};
}

export async function notePublished(control: ControlStore, versions: Readonly<Record<string, string>>): Promise<void> {
    await swap<Record<string, string>>(control, KEY, (known = {}) => ({ ...known, ...versions }));
}
