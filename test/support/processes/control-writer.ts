import { createFolderControl } from '#adapters/folder/control.ts';
import { ConflictError } from '#core/errors.ts';
import { swap } from '#core/store/swap.ts';

/**
 * A process of its own that writes control documents: `node control-writer.ts FOLDER MODE COUNT`. `count` adds one to
 * a counter; `mark` creates and removes a mark, as the ledger does with unfinished objects.
 */
const [folder = '', mode, count] = process.argv.slice(2);
const control = createFolderControl(folder);
for (let n = 0; n < Number(count); n++) {
    if (mode === 'count') {
        await swap<number>(control, 'counter', (now = 0) => now + 1);
    } else {
        await control.create('marks/one', {}).catch((error: unknown) => {
            if (!(error instanceof ConflictError)) throw error;
        });
        await control.read('marks/one');
        await control.list('marks');
        await control.remove('marks/one');
    }
}
