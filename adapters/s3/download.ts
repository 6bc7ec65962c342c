import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, type GetObjectCommandInput, type S3Client } from '@aws-sdk/client-s3';
import { askForObject } from '../aws/failure.ts';
import { onDisk } from '../folder/disk.ts';

/** A new empty folder for copies of objects. */
export function scratchFolder(): Promise<string> {
    return onDisk('the scratch folder', () => mkdtemp(join(tmpdir(), 'cartlake-')));
}

/** Removes a scratch folder and what is in it. */
export async function removeFolder(folder: string): Promise<void> {
    await rm(folder, { recursive: true, force: true });
}

/** Copies an object to a path on this machine; false when there is no such object. */
export async function downloadObject(client: S3Client, input: GetObjectCommandInput, path: string): Promise<boolean> {
    const on = `s3://${input.Bucket}/${input.Key}`;
    const action = input.VersionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion';
    const done = await askForObject({ action, on }, async () => {
        const { Body } = await client.send(new GetObjectCommand(input));
        await onDisk(`a copy of ${on}`, () => pipeline(Body as Readable, createWriteStream(path)));
        return true;
    });
    return done ?? false;
}
