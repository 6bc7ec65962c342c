import { type FileHandle, open } from 'node:fs/promises';
import {
    AbortMultipartUploadCommand,
    CompleteMultipartUploadCommand,
    CreateMultipartUploadCommand,
    PutObjectCommand,
    type S3Client,
    UploadPartCommand,
} from '@aws-sdk/client-s3';
import { type Asked, ask } from '../aws/failure.ts';
import { inParallel } from '../aws/pool.ts';
import { contentTypeOf } from './content-type.ts';

/** A file of this machine and where it goes. */
export interface Upload {
    readonly bucket: string;
    readonly key: string;
    readonly path: string;
    readonly metadata?: Readonly<Record<string, string>>;
    /** Write only where nothing is, or only over the state with this tag. */
    readonly condition?: { readonly IfNoneMatch: '*' } | { readonly IfMatch: string };
}

export interface Uploaded {
    readonly etag: string;
    /** Undefined in a bucket without versions. */
    readonly version: string | undefined;
}

/** Parts are held in memory, so that a failed one can be sent again. */
const PART_BYTES = 16 * 1024 * 1024;
const MOST_PARTS = 10_000;
const PARTS_AT_ONCE = 4;

/** Bytes of each part but the last: S3 takes at most 10,000 parts. */
export function partBytes(size: number): number {
    return Math.max(PART_BYTES, Math.ceil(size / MOST_PARTS));
}

/** Uploads a file: in one request, or in parts when it is large. The object appears whole or not at all. */
export async function uploadFile(client: S3Client, upload: Upload): Promise<Uploaded> {
    const file = await open(upload.path, 'r');
    try {
        const { size } = await file.stat();
        return size > PART_BYTES ? await inParts(client, upload, file, size) : await atOnce(client, upload, file, size);
    } finally {
        await file.close();
    }
}

async function atOnce(client: S3Client, upload: Upload, file: FileHandle, size: number): Promise<Uploaded> {
    const Body = await bytesOf(file, 0, size);
    const { ETag, VersionId } = await ask(askedOf(upload), () =>
        client.send(new PutObjectCommand({ ...targetOf(upload), ...describe(upload), Body, ...upload.condition })),
    );
    return { etag: ETag ?? '', version: VersionId };
}

async function inParts(client: S3Client, upload: Upload, file: FileHandle, size: number): Promise<Uploaded> {
    const asked = askedOf(upload);
    const target = targetOf(upload);
    const { UploadId } = await ask(asked, () =>
        client.send(new CreateMultipartUploadCommand({ ...target, ...describe(upload), ChecksumAlgorithm: 'CRC32' })),
    );
    try {
        const length = partBytes(size);
        const starts = Array.from({ length: Math.ceil(size / length) }, (_, index) => index * length);
        const Parts = await inParallel(starts, PARTS_AT_ONCE, async (start, index) => {
            const part = { ...target, UploadId, PartNumber: index + 1, ChecksumAlgorithm: 'CRC32' as const };
            const Body = await bytesOf(file, start, Math.min(length, size - start));
            const { ETag, ChecksumCRC32 } = await ask(asked, () =>
                client.send(new UploadPartCommand({ ...part, Body })),
            );
            return { PartNumber: index + 1, ETag, ChecksumCRC32 };
        });
        const done = await ask(asked, () =>
            client.send(
                new CompleteMultipartUploadCommand({
                    ...target,
                    UploadId,
                    MultipartUpload: { Parts },
                    ...upload.condition,
                }),
            ),
        );
        return { etag: done.ETag ?? '', version: done.VersionId };
    } catch (error) {
        // What cannot be taken back here is removed by the bucket's lifecycle rule.
        await client.send(new AbortMultipartUploadCommand({ ...target, UploadId })).catch(() => undefined);
        throw error;
    }
}

function askedOf({ bucket, key }: Upload): Asked {
    return { action: 's3:PutObject', on: `s3://${bucket}/${key}` };
}

function targetOf({ bucket, key }: Upload): { Bucket: string; Key: string } {
    return { Bucket: bucket, Key: key };
}

function describe({ key, metadata }: Upload): { ContentType: string; Metadata?: Record<string, string> } {
    return { ContentType: contentTypeOf(key), ...(metadata && { Metadata: { ...metadata } }) };
}

async function bytesOf(file: FileHandle, start: number, length: number): Promise<Buffer> {
    const buffer = Buffer.alloc(length);
    let filled = 0;
    while (filled < length) {
        const { bytesRead } = await file.read(buffer, filled, length - filled, start + filled);
        if (bytesRead === 0) return buffer.subarray(0, filled);
        filled += bytesRead;
    }
    return buffer;
}
