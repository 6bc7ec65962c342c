import { access } from 'node:fs/promises';
import { join } from 'node:path';

/** What the demo of a lake was made with, a file beside its data. */
export const NOTE = 'demo.json';

/** Whether a lake holds the demo's shop, which files of another would mix with. */
export function holdsDemo(lake: string): Promise<boolean> {
    return access(join(lake, 'demo-data', NOTE)).then(
        () => true,
        () => false,
    );
}
