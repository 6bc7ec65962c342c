import { readdir, rm, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { DeleteObjectsCommand, GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { DataError } from '#core/errors.ts';
import type { BlobStore } from '#core/store/ports.ts';
import { ask, askForObject, toPipelineError } from '../aws/failure.ts';
import { inParallel } from '../aws/pool.ts';
import { contentTypeOf } from './content-type.ts';
import { downloadObject, removeFolder, scratchFolder } from './download.ts';
import { listObjects } from './listing.ts';
import type { PartCache } from './part-cache.ts';
import { uploadFile } from './upload.ts';

/** Each upload holds a file in memory; a download holds none of it. */
const UPLOADS_AT_ONCE = 8;
const DOWNLOADS_AT_ONCE = 32;
/** The most one DeleteObjects takes. */
const KEYS_AT_ONCE = 1_000;

/** Every build writes to names of its own; a staged file keeps its name when its object is staged again. */
const isPart = (key: string) => key.startsWith('marts/');

/** Data files as objects of one bucket. With a cache, parts of tables are downloaded once. */
export function createS3Blobs(client: S3Client, bucket: string, cache?: PartCache | undefined): BlobStore {
    const uri = (key: string) => `s3://${bucket}/${key}`;

    async function download(key: string, path: string): Promise<void> {
        if (await downloadObject(client, { Bucket: bucket, Key: key }, path)) return;
        throw new DataError(`${uri(key)} is not there any more. Build again: cartlake build.`);
    }

    async function remove(keys: readonly string[]): Promise<void> {
        for (let start = 0; start < keys.length; start += KEYS_AT_ONCE) {
            const batch = keys.slice(start, start + KEYS_AT_ONCE);
            for (const key of batch) await cache?.forget(key);
            const Delete = { Objects: batch.map((Key) => ({ Key })), Quiet: true };
            const asked = { action: 's3:DeleteObject', on: uri(batch[0] ?? '') };
            const { Errors = [] } = await ask(asked, () =>
                client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete })),
            );
            const [failed] = Errors;
            if (failed) throw toPipelineError(errorOf(failed), { ...asked, on: uri(failed.Key ?? '') });
        }
    }

    async function putFolder(key: string, folder: string): Promise<void> {
        const entries = await readdir(folder, { recursive: true, withFileTypes: true });
        const files = entries
            .filter((entry) => entry.isFile())
            .map((entry) => join(entry.parentPath, entry.name))
            .map((path) => ({ path, key: `${key}/${relative(folder, path).replaceAll(sep, '/')}` }));
        await inParallel(files, UPLOADS_AT_ONCE, async (file) => {
            await uploadFile(client, { bucket, ...file });
            // A function's disk is small: what is uploaded makes room for what is written next.
            if (cache && isPart(file.key)) await cache.keep(file.key, file.path);
            else await rm(file.path);
        });
        const kept = new Set(files.map((file) => file.key));
        const before = await listObjects(client, bucket, key);
        await remove(before.map((object) => object.key).filter((known) => !kept.has(known)));
    }

    return {
        scratch: scratchFolder,
        async put(key, localPath) {
            if ((await stat(localPath)).isDirectory()) await putFolder(key, localPath);
            else await uploadFile(client, { bucket, key, path: localPath });
            await cache?.forget(key);
            await removeFolder(localPath);
        },
        async putText(key, text) {
            const put = new PutObjectCommand({
                Bucket: bucket,
                Key: key,
                Body: text,
                ContentType: contentTypeOf(key),
            });
            await ask({ action: 's3:PutObject', on: uri(key) }, () => client.send(put));
        },
        readText: (key) =>
            askForObject({ action: 's3:GetObject', on: uri(key) }, async () => {
                const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
                return (await Body?.transformToString()) ?? '';
            }),
        async open(keys) {
            if (keys.length === 0) return { paths: [], release: async () => undefined };
            const releases: (() => Promise<void>)[] = [];
            const release = async () => {
                for (const free of releases.splice(0)) await free();
            };
            try {
                const folder = await scratchFolder();
                releases.push(() => removeFolder(folder));
                const paths = await inParallel(keys, DOWNLOADS_AT_ONCE, async (key, index) => {
                    if (cache && isPart(key)) {
                        const copy = await cache.open(key, (path) => download(key, path));
                        releases.push(copy.release);
                        return copy.path;
                    }
                    const path = join(folder, `${index}-${basename(key)}`);
                    await download(key, path);
                    return path;
                });
                return { paths, release };
            } catch (error) {
                await release();
                throw error;
            }
        },
        async list(prefix) {
            const objects = await listObjects(client, bucket, prefix);
            return objects.sort((a, b) => (a.key < b.key ? -1 : 1));
        },
        remove,
    };
}

function errorOf({ Code, Message }: { Code?: string | undefined; Message?: string | undefined }): Error {
    const error = new Error(Message ?? 'no reason given');
    error.name = Code ?? 'Error';
    return error;
}
