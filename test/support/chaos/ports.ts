import { relative } from 'node:path';
import type { MartPublisher } from '#core/publish/publisher.ts';
import type { BlobStore } from '#core/store/ports.ts';
import type { Disk } from '../fakes/disk.ts';
import type { Turns } from './turns.ts';

/** A port whose every call waits for its turn. */
export function inTurns<T extends object>(turns: Turns, name: string, port: T): T {
    return new Proxy(port, {
        get(target, property) {
            const method: unknown = Reflect.get(target, property);
            if (typeof method !== 'function' || property === 'scratch') return method;
            return (...args: unknown[]) => {
                const about = typeof args[0] === 'string' ? ` ${args.slice(0, 2).filter(isText).join('/')}` : '';
                return turns.call(`${name}.${String(property)}${about}`, async () => method.apply(target, args));
            };
        },
    });
}

function isText(value: unknown): value is string {
    return typeof value === 'string' && value.length < 80;
}

/** A publisher whose calls wait for their turns, also those over one connection. */
export function publisherInTurns(turns: Turns, publisher: MartPublisher): MartPublisher {
    const { publish, currentVersions } = inTurns(turns, 'publisher', publisher);
    return { publish, currentVersions, connected: (work) => work({ publish, currentVersions }) };
}

/** A folder becomes blobs file by file, as on S3: somebody may look, or everything may end, in between. */
export function folderByFile(disk: Disk, blobs: BlobStore): BlobStore {
    return {
        ...methodsOf(blobs),
        async put(key, localPath) {
            const files = disk.files(localPath);
            if (files.length === 1 && files[0] === localPath) return blobs.put(key, localPath);
            const targets = files.map((path) => `${key}/${relative(localPath, path)}`);
            for (const [index, path] of files.entries()) await blobs.put(targets[index] as string, path);
            const left = (await blobs.list(key)).map((each) => each.key).filter((each) => !targets.includes(each));
            if (left.length > 0) await blobs.remove(left);
        },
    };
}

function methodsOf(blobs: BlobStore): BlobStore {
    const { scratch, put, putText, readText, open, list, remove } = blobs;
    return { scratch, put, putText, readText, open, list, remove };
}
