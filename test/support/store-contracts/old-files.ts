import { describe, expect, it } from 'vitest';
import type { BlobStore } from '#core/store/ports.ts';
import type { IsoInstant } from '#core/types.ts';
import type { OldFiles } from '#core/vacuum/ports.ts';

const HOUR_MS = 3_600_000;

/** An empty store, its files, and its clock where that is not the machine's. */
export interface OldFilesCase {
    readonly blobs: BlobStore;
    readonly files: OldFiles;
    readonly now?: () => IsoInstant;
}

/** What everything that knows blobs by age promises. */
export function describeOldFiles(name: string, makeCase: () => Promise<OldFilesCase>): void {
    async function make() {
        const { blobs, files, now = () => new Date().toISOString() } = await makeCase();
        const shifted = (ms: number) => new Date(Date.parse(now()) + ms).toISOString();
        return { blobs, files, inAnHour: () => shifted(HOUR_MS), anHourAgo: () => shifted(-HOUR_MS) };
    }

    describe(`the old files of ${name}`, () => {
        it('know when a blob was written', async () => {
            const { blobs, files, inAnHour, anHourAgo } = await make();
            await blobs.putText('marts/a', 'one');
            const writtenAt = await files.writtenAt('marts/a');

            expect(writtenAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
            expect(writtenAt && writtenAt > anHourAgo() && writtenAt < inAnHour()).toBe(true);
            expect(await files.writtenAt('marts/b')).toBeUndefined();
        });

        it('are removed once, and nothing beside them', async () => {
            const { blobs, files, inAnHour } = await make();
            for (const key of ['marts/m/a', 'marts/m/a.b', 'marts/m/b']) await blobs.putText(key, key);

            expect(await files.removeOlder('marts/m/a', inAnHour())).toBe(true);
            expect(await files.removeOlder('marts/m/a', inAnHour())).toBe(false);
            expect(await blobs.readText('marts/m/a')).toBeUndefined();
            expect((await blobs.list('marts')).map(({ key }) => key)).toEqual(['marts/m/a.b', 'marts/m/b']);
        });

        it('stay when they were written since', async () => {
            const { blobs, files, anHourAgo } = await make();
            await blobs.putText('staging/a', 'one');

            expect(await files.removeOlder('staging/a', anHourAgo())).toBe(false);
            expect(await blobs.readText('staging/a')).toBe('one');
        });

        it('can be written again after they were removed', async () => {
            const { blobs, files, inAnHour } = await make();
            await blobs.putText('staging/a', 'one');
            await files.removeOlder('staging/a', inAnHour());
            await blobs.putText('staging/a', 'two');

            expect(await blobs.readText('staging/a')).toBe('two');
            expect(await files.removeOlder('staging/a', inAnHour())).toBe(true);
            expect(await blobs.readText('staging/a')).toBeUndefined();
        });
    });
}
