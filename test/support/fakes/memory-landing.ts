import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { LandingStore } from '#core/store/ports.ts';
import type { ObjectRef } from '#core/types.ts';
import { type Disk, realDisk } from './disk.ts';

const nameOf = ({ bucket, key, version }: ObjectRef) => `${bucket}\n${key}\n${version}`;

/** Landed files in memory. */
export function createMemoryLanding(
    now: () => string = () => '2026-01-01T00:00:00.000Z',
    disk: Disk = realDisk,
): LandingStore {
    const objects = new Map<string, { bytes: Buffer; landedAt: string }>();
    return {
        async land(key, sourcePath) {
            const bytes = disk.read(sourcePath);
            const ref = { bucket: 'lake', key, version: createHash('sha256').update(bytes).digest('hex').slice(0, 32) };
            if (!objects.has(nameOf(ref))) objects.set(nameOf(ref), { bytes, landedAt: now() });
            return ref;
        },
        async head(ref) {
            const found = objects.get(nameOf(ref));
            return found && { size: found.bytes.length, landedAt: found.landedAt };
        },
        async open(ref) {
            const folder = await disk.folder();
            const path = join(folder, 'object');
            disk.write(path, objects.get(nameOf(ref))?.bytes ?? '');
            return { path, release: async () => disk.remove(folder) };
        },
    };
}
