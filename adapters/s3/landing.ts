import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, HeadObjectCommand, type HeadObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3';
import { ConflictError, PipelineError, TransientError, UsageError } from '#core/errors.ts';
import type { LandingStore } from '#core/store/ports.ts';
import type { ObjectRef } from '#core/types.ts';
import { askForObject, nameOf, statusOf } from '../aws/failure.ts';
import { codeOf } from '../folder/disk.ts';
import { downloadObject, removeFolder, scratchFolder } from './download.ts';
import { type Upload, uploadFile } from './upload.ts';

/** Metadata of a landed object: what its bytes hash to, so that landing them again is seen. */
const HASH = 'sha256';
const MOST_TRIES = 5;

/**
 * Landed files as versions of objects. In a bucket without versions a reference holds the tag of the content instead
 * of a version id, as S3's own events do; such a version is gone once the object is replaced.
 */
export function createS3Landing(client: S3Client, bucket: string): LandingStore {
    async function headOf(key: string, choice: Partial<Choice>): Promise<HeadObjectCommandOutput | undefined> {
        const input = { Bucket: bucket, Key: key, ...choice };
        const action = choice.VersionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion';
        return unlessReplaced(
            askForObject({ action, on: `s3://${bucket}/${key}` }, () =>
                client.send(new HeadObjectCommand(input)).catch(async (error: unknown) => {
                    // 400 without a word: no such version can be, or something else is wrong. GET says what.
                    if (statusOf(error) !== 400 || choice.VersionId === undefined) throw error;
                    const said: unknown = await client.send(new GetObjectCommand(input)).catch((better) => better);
                    if (nameOf(said) === 'InvalidArgument') return undefined;
                    throw said instanceof Error ? said : error;
                }),
            ),
        );
    }

    return {
        async land(key, sourcePath) {
            const hash = await hashOf(sourcePath);
            for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
                const there = await headOf(key, {});
                if (there?.Metadata?.[HASH] === hash) return refOf(bucket, key, there.VersionId, there.ETag);
                // Two who land the same file at once make one version: the second one looks again.
                const condition: Upload['condition'] = there ? { IfMatch: there.ETag ?? '' } : { IfNoneMatch: '*' };
                const upload = { bucket, key, path: sourcePath, metadata: { [HASH]: hash }, condition };
                const done = await unlessReplaced(uploadFile(client, upload));
                if (done) return refOf(bucket, key, done.version, done.etag);
            }
            throw new TransientError(`s3://${bucket}/${key} keeps changing: gave up after ${MOST_TRIES} tries.`);
        },
        async head(ref) {
            const found = await headOf(ref.key, choiceOf(ref));
            if (!found) return undefined;
            return { size: found.ContentLength ?? 0, landedAt: (found.LastModified ?? new Date(0)).toISOString() };
        },
        async open(ref) {
            const folder = await scratchFolder();
            try {
                const path = join(folder, basename(ref.key));
                const input = { Bucket: bucket, Key: ref.key, ...choiceOf(ref) };
                if (!(await unlessReplaced(downloadObject(client, input, path)))) {
                    throw new PipelineError(
                        `Version ${ref.version} of s3://${bucket}/${ref.key} is not there any more. Land the file again.`,
                    );
                }
                return { path, release: () => removeFolder(folder) };
            } catch (error) {
                await removeFolder(folder);
                throw error;
            }
        },
    };
}

function refOf(bucket: string, key: string, version: string | undefined, etag: string | undefined): ObjectRef {
    const isVersioned = version !== undefined && version !== 'null';
    return { bucket, key, version: isVersioned ? version : (etag ?? '').replaceAll('"', '') };
}

interface Choice {
    readonly VersionId: string;
    readonly IfMatch: string;
}

/** Tags are hexadecimal, after an upload in parts with the number of parts; version ids are not. */
function choiceOf({ version }: ObjectRef): Partial<Choice> {
    return /^[0-9a-f]{32}(-\d+)?$/.test(version) ? { IfMatch: `"${version}"` } : { VersionId: version };
}

async function unlessReplaced<T>(found: Promise<T>): Promise<T | undefined> {
    return found.catch((error: unknown) => {
        if (error instanceof ConflictError) return undefined;
        throw error;
    });
}

const UNREADABLE: Readonly<Record<string, string>> = {
    ENOENT: 'it does not exist',
    EISDIR: 'it is a folder',
    EACCES: 'no permission',
    EPERM: 'no permission',
};

async function hashOf(path: string): Promise<string> {
    const hash = createHash('sha256');
    await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash).catch((error: unknown) => {
        const reason = UNREADABLE[codeOf(error) ?? ''];
        throw reason === undefined ? error : new UsageError(`Cannot read ${path}: ${reason}.`, { cause: error });
    });
    return hash.digest('hex');
}
