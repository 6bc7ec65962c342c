import type { Contract } from './contracts/contract.ts';
import type { Executions } from './execution/executions.ts';
import type { ArchiveReader, FileReader, Stager } from './ingest/ports.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { BlobStore, ControlStore, LandingStore } from './store/ports.ts';
import type { IsoInstant } from './types.ts';

/** What the ingest steps need from the outside. */
export interface IngestContext {
    readonly contracts: ReadonlyMap<string, Contract>;
    readonly landing: LandingStore;
    readonly blobs: BlobStore;
    readonly control: ControlStore;
    readonly ledger: Ledger;
    readonly reader: FileReader;
    readonly archives: ArchiveReader;
    readonly stager: Stager;
    readonly executions: Executions;
    readonly now: () => IsoInstant;
    /** Most bytes a file may decompress to. */
    readonly maxFileBytes: number;
}
