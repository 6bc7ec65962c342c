import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import {
    AbortMultipartUploadCommand,
    CompleteMultipartUploadCommand,
    CreateMultipartUploadCommand,
    DeleteObjectCommand,
    DeleteObjectsCommand,
    GetObjectCommand,
    HeadObjectCommand,
    ListObjectsV2Command,
    ListObjectVersionsCommand,
    PutObjectCommand,
    type S3Client,
    S3ServiceException,
    UploadPartCommand,
} from '@aws-sdk/client-s3';

/** One version of an object. */
export interface StoredObject {
    readonly body: Buffer;
    readonly etag: string;
    readonly version: string | undefined;
    readonly type: string | undefined;
    readonly metadata: Readonly<Record<string, string>>;
    readonly at: Date;
    /** It stands for the object having been deleted. */
    readonly isMarker?: true;
}

export interface MemoryS3 {
    /** What adapters take for the client of the SDK. */
    readonly client: S3Client;
    /** Every request so far: `PutObject bucket/key`. */
    readonly requests: string[];
    /** Versions by `bucket/key`, the newest last. */
    readonly objects: Map<string, StoredObject[]>;
    /** Parts of unfinished uploads, by upload id. */
    readonly uploads: Map<string, Map<number, Buffer>>;
    /** Called before each request; what it throws is the answer. */
    before: (request: string) => void | Promise<void>;
    /** Answers as S3 does for a role without an action. */
    allows: (action: string, arn: string) => boolean;
}

export interface MemoryS3Options {
    /** Buckets that keep versions. */
    readonly versioned?: readonly string[];
    /** Keys one page of a listing holds. */
    readonly page?: number;
    /** What is there already; several clients with rights of their own can share it. */
    readonly objects?: Map<string, StoredObject[]>;
}

type Input = Readonly<Record<string, unknown>> & { readonly Bucket: string; readonly Key: string };
type Answer = Readonly<Record<string, unknown>>;

const NO_OBJECT = { body: Buffer.alloc(0), etag: '', type: undefined, metadata: {} };

/** The part of S3 the adapters use, in memory: versions, conditions, parts, pages, and the errors that belong to them. */
export function createMemoryS3({
    versioned = [],
    page = 1_000,
    objects = new Map<string, StoredObject[]>(),
}: MemoryS3Options = {}): MemoryS3 {
    const uploads = new Map<string, Map<number, Buffer>>();
    const nameOf = ({ Bucket, Key }: Input) => `${Bucket}/${Key}`;
    const current = (input: Input) => {
        const newest = objects.get(nameOf(input))?.at(-1);
        return newest?.isMarker ? undefined : newest;
    };
    const newVersion = () => `v-${randomBytes(12).toString('hex')}`;

    function require(action: string, arn: string): void {
        if (!fake.allows(action, arn)) throw failure('AccessDenied', 403);
    }

    function find(input: Input): StoredObject {
        const { Bucket, VersionId: wanted, IfMatch } = input;
        if (wanted !== undefined && !/^v-/.test(String(wanted))) throw failure('InvalidArgument', 400);
        const versions = objects.get(nameOf(input)) ?? [];
        const found = wanted === undefined ? current(input) : versions.find(({ version }) => version === wanted);
        if (!found) {
            require('s3:ListBucket', `arn:aws:s3:::${Bucket}`);
            throw failure(wanted === undefined ? 'NoSuchKey' : 'NoSuchVersion', 404);
        }
        if (IfMatch !== undefined && IfMatch !== found.etag) throw failure('PreconditionFailed', 412);
        return found;
    }

    function store(input: Input, body: Buffer, etag = md5(body)): Answer {
        const now = current(input);
        if (input.IfNoneMatch === '*' && now) throw failure('PreconditionFailed', 412);
        if (input.IfMatch !== undefined && !now) throw failure('NoSuchKey', 404);
        if (input.IfMatch !== undefined && input.IfMatch !== now?.etag) throw failure('PreconditionFailed', 412);
        const keeps = versioned.includes(input.Bucket);
        const stored: StoredObject = {
            body,
            etag: `"${etag}"`,
            version: keeps ? newVersion() : undefined,
            type: input.ContentType as string | undefined,
            metadata: (input.Metadata ?? {}) as Record<string, string>,
            at: new Date(),
        };
        objects.set(nameOf(input), [...(keeps ? (objects.get(nameOf(input)) ?? []) : []), stored]);
        return { ETag: stored.etag, VersionId: stored.version };
    }

    function list(input: Input): Answer {
        require('s3:ListBucket', `arn:aws:s3:::${input.Bucket}`);
        const start = Number(input.ContinuationToken ?? 0);
        const keys = [...objects.keys()]
            .filter((name) => name.startsWith(`${input.Bucket}/${input.Prefix}`))
            .map((name) => name.slice(input.Bucket.length + 1))
            .filter((Key) => current({ ...input, Key }))
            .sort();
        const Contents = keys
            .slice(start, start + page)
            .map((Key) => ({ Key, Size: current({ ...input, Key })?.body.length }));
        return { Contents, ...(start + page < keys.length && { NextContinuationToken: String(start + page) }) };
    }

    /** Versions of one key; the newest first. */
    function versions(input: Input): Answer {
        require('s3:ListBucketVersions', `arn:aws:s3:::${input.Bucket}`);
        const Key = String(input.Prefix);
        const all = (objects.get(nameOf({ ...input, Key })) ?? []).toReversed();
        return { Versions: all.flatMap(({ version, isMarker }) => (isMarker ? [] : [{ Key, VersionId: version }])) };
    }

    function remove(input: Input): Answer {
        const name = nameOf(input);
        require(input.VersionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion', `arn:aws:s3:::${name}`);
        const kept = objects.get(name) ?? [];
        if (input.VersionId !== undefined) {
            objects.set(
                name,
                kept.filter(({ version }) => version !== input.VersionId),
            );
            return {};
        }
        if (!versioned.includes(input.Bucket)) {
            objects.delete(name);
            return {};
        }
        const marker = { ...NO_OBJECT, version: newVersion(), at: new Date(), isMarker: true as const };
        objects.set(name, [...kept, marker]);
        return { VersionId: marker.version, DeleteMarker: true };
    }

    function read(input: Input): Answer {
        require(input.VersionId === undefined
            ? 's3:GetObject'
            : 's3:GetObjectVersion', `arn:aws:s3:::${nameOf(input)}`);
        const { body, etag, version, metadata, at } = find(input);
        const stream = Object.assign(Readable.from([body]), { transformToString: async () => body.toString() });
        return {
            Body: stream,
            ETag: etag,
            VersionId: version,
            ContentLength: body.length,
            LastModified: at,
            Metadata: metadata,
        };
    }

    /** HEAD answers have no body, so their errors say nothing but a status. */
    function head(input: Input): Answer {
        try {
            const { Body: _, ...answer } = read(input);
            return answer;
        } catch (error) {
            const status = (error as S3ServiceException).$metadata.httpStatusCode ?? 0;
            throw failure(status === 404 ? 'NotFound' : 'UnknownError', status);
        }
    }

    function complete(input: Input): Answer {
        const parts = uploads.get(String(input.UploadId)) ?? new Map<number, Buffer>();
        const listed = (input.MultipartUpload as { Parts: { PartNumber: number; ETag: string }[] }).Parts;
        const bodies = listed.map(({ PartNumber }) => parts.get(PartNumber) as Buffer);
        const answer = store(input, Buffer.concat(bodies), `${md5(Buffer.concat(bodies))}-${bodies.length}`);
        uploads.delete(String(input.UploadId));
        return answer;
    }

    async function answer(command: unknown): Promise<Answer> {
        const { input } = command as { input: Input };
        const request = (command as object).constructor.name.replace(/Command$/, '');
        fake.requests.push(`${request} ${input.Bucket}/${input.Key ?? input.Prefix ?? ''}`);
        await fake.before(fake.requests.at(-1) as string);
        const put = () => require('s3:PutObject', `arn:aws:s3:::${nameOf(input)}`);
        if (command instanceof PutObjectCommand) {
            put();
            return store(input, Buffer.from(input.Body as string | Buffer));
        }
        if (command instanceof GetObjectCommand) return read(input);
        if (command instanceof HeadObjectCommand) return head(input);
        if (command instanceof ListObjectsV2Command) return list(input);
        if (command instanceof ListObjectVersionsCommand) return versions(input);
        if (command instanceof DeleteObjectCommand) return remove(input);
        if (command instanceof DeleteObjectsCommand) {
            for (const { Key } of command.input.Delete?.Objects ?? []) remove({ ...input, Key: Key as string });
            return {};
        }
        if (command instanceof CreateMultipartUploadCommand) {
            put();
            const UploadId = randomBytes(8).toString('hex');
            uploads.set(UploadId, new Map());
            described.set(UploadId, input);
            return { UploadId };
        }
        if (command instanceof UploadPartCommand) {
            put();
            const part = Buffer.from(input.Body as Buffer);
            uploads.get(String(input.UploadId))?.set(Number(input.PartNumber), part);
            return { ETag: `"${md5(part)}"`, ChecksumCRC32: 'crc' };
        }
        if (command instanceof CompleteMultipartUploadCommand) {
            return complete({ ...described.get(String(input.UploadId)), ...input });
        }
        if (command instanceof AbortMultipartUploadCommand) {
            require('s3:AbortMultipartUpload', `arn:aws:s3:::${nameOf(input)}`);
            uploads.delete(String(input.UploadId));
            return {};
        }
        throw new Error(`The S3 of tests does not know ${request}.`);
    }

    const described = new Map<string, Input>();
    const fake: MemoryS3 = {
        client: { send: answer } as unknown as S3Client,
        requests: [],
        objects,
        uploads,
        before: () => undefined,
        allows: () => true,
    };
    return fake;
}

/** An answer of S3 that is an error. */
export function failure(name: string, status: number, message = name): S3ServiceException {
    return new S3ServiceException({ name, message, $fault: 'client', $metadata: { httpStatusCode: status } });
}

function md5(bytes: Buffer): string {
    return createHash('md5').update(bytes).digest('hex');
}
