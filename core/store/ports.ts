import type { IsoInstant, ObjectRef } from '../types.ts';

/** A file on this machine's disk; `release` frees it (removes a downloaded copy, does nothing in a folder). */
export interface LocalFile {
    readonly path: string;
    release(): Promise<void>;
}

/** Raw files as they came. Versions are immutable; the same bytes under the same key are one version. */
export interface LandingStore {
    /** Lands a file of this machine. Landing the same bytes under the same key again changes nothing. */
    land(key: string, sourcePath: string): Promise<ObjectRef>;
    /** Size in bytes and landing time; undefined when there is no such object. */
    head(ref: ObjectRef): Promise<{ size: number; landedAt: IsoInstant } | undefined>;
    open(ref: ObjectRef): Promise<LocalFile>;
}

/**
 * Immutable data files (Parquet, reports) under keys such as `marts/user_exposure/run=.../part-0.parquet`.
 * A file is there whole or not at all.
 */
export interface BlobStore {
    /** A new empty folder on this machine, on the disk where files become blobs cheaply. The caller removes it. */
    scratch(): Promise<string>;
    /** Moves a file (or a folder with all files in it) from a scratch folder to a key (or key prefix), replacing what is there. */
    put(key: string, localPath: string): Promise<void>;
    putText(key: string, text: string): Promise<void>;
    readText(key: string): Promise<string | undefined>;
    /** Opens files for reading by the SQL engine; in a folder this is free, on S3 they are downloaded. */
    open(keys: readonly string[]): Promise<{ paths: string[]; release(): Promise<void> }>;
    list(prefix: string): Promise<{ key: string; size: number }[]>;
    /** Removes files; keys that do not exist are no error. */
    remove(keys: readonly string[]): Promise<void>;
}

/** A small JSON document with the tag of the state it was read in. */
export interface Document<T> {
    readonly value: T;
    readonly etag: string;
}

/**
 * Small JSON documents with compare-and-swap: the ledger, catalog pointers, build requests.
 * Linearizable per key, also between processes.
 */
export interface ControlStore {
    read<T>(key: string): Promise<Document<T> | undefined>;
    /** Put if absent. Throws ConflictError when the key exists. Returns the new tag. */
    create<T>(key: string, value: T): Promise<string>;
    /** Replaces the state that `etag` names. Throws ConflictError when it is no longer current. */
    replace<T>(key: string, value: T, etag: string): Promise<string>;
    remove(key: string): Promise<void>;
    /** Keys below a prefix, sorted. */
    list(prefix: string): Promise<string[]>;
}
