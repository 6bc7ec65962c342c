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
import { uploadFile } from './upload.ts';

const FILES_AT_ONCE = 8;
/** The most one DeleteObjects takes. */
const KEYS_AT_ONCE = 1_000;

/** Data files as objects of one bucket. */
export function createS3Blobs(client: S3Client, bucket: string): BlobStore {
    const uri = (key: string) => `s3://${bucket}/${key}`;

    async function remove(keys: readonly string[]): Promise<void> {
        for (let start = 0; start < keys.length; start += KEYS_AT_ONCE) {
            const batch = keys.slice(start, start + KEYS_AT_ONCE);
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
        await inParallel(files, FILES_AT_ONCE, async (file) => {
            await uploadFile(client, { bucket, ...file });
            // A function's disk is small: what is uploaded makes room for what is written next.
            await rm(file.path);
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
            const folder = await scratchFolder();
            const release = () => removeFolder(folder);
            try {
                const paths = await inParallel(keys, FILES_AT_ONCE, async (key, index) => {
                    const path = join(folder, `${index}-${basename(key)}`);
                    if (await downloadObject(client, { Bucket: bucket, Key: key }, path)) return path;
                    throw new DataError(`${uri(key)} is not there any more. Build again: cartlake build.`);
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
