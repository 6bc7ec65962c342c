import { createReadStream } from 'node:fs';
import { rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createArchiveReader } from '#adapters/archive/reader.ts';
import { uniqueName } from '#adapters/folder/disk.ts';
import { createFileReader } from '#adapters/folder/reader.ts';
import { createS3Blobs } from '#adapters/s3/blobs.ts';
import { createS3Control } from '#adapters/s3/control.ts';
import { createS3Landing } from '#adapters/s3/landing.ts';
import { createPartCache, type PartCache } from '#adapters/s3/part-cache.ts';
import type { GatherContext } from '#core/build/gather.ts';
import type { PublishContext } from '#core/build/publish-run.ts';
import { createCatalog } from '#core/catalog/catalog.ts';
import { PipelineError } from '#core/errors.ts';
import type { SourceReaders } from '#core/extract/ports.ts';
import { createLedger } from '#core/ledger/ledger.ts';
import type { IngestContext } from '#core/pipeline.ts';
import type { Project } from '../_project/project.ts';
import { ATHENA_NEEDS } from './athena-needs.ts';
import { athenaPlace } from './athena-place.ts';
import type { Environment } from './environment.ts';
import type { Outside } from './outside.ts';
import { STAGE_NEEDS, type StageName, type StageNeeds } from './permissions.ts';

/** Everything the stages need, over S3, Step Functions and DuckDB. */
export type AwsContext = IngestContext & PublishContext & GatherContext & { readonly sources: SourceReaders };

/** Share of the disk one file may decompress to; what is staged from it needs the rest. */
const FILE_SHARE = 0.6;
/** Share of the disk for parts of tables that may be read again; what DuckDB spills and writes needs the rest. */
const PARTS_SHARE = 0.25;
const MOST_PARTS_BYTES = 2 * 1024 ** 3;
const GATHER_MS = 120_000;

/**
 * The context of one stage. Only what the stage's needs name is loaded and connected; touching anything else throws
 * PipelineError.
 *
 * @throws UsageError when the project's files or the engine are wrong
 */
export async function createContext(stage: StageName, environment: Environment, outside: Outside): Promise<AwsContext> {
    const needs = STAGE_NEEDS[stage];
    const now = () => new Date().toISOString();
    const s3 = outside.s3();
    const control = createS3Control(s3, environment.CARTLAKE_LAKE_BUCKET);
    const blobs = createS3Blobs(s3, environment.CARTLAKE_LAKE_BUCKET, needs.duckdb && (await partCache(stage)));
    const engines = needs.duckdb ? (await import('./duckdb.ts')).createEngines(environment, blobs) : undefined;
    const machines = {
        ingest: environment.CARTLAKE_INGEST_MACHINE_ARN,
        build: environment.CARTLAKE_BUILD_MACHINE_ARN,
        replay: environment.CARTLAKE_REPLAY_MACHINE_ARN,
    };
    const secret = needs.database && environment.CARTLAKE_DATABASE_SECRET_ARN;
    const athenaNeeds = ATHENA_NEEDS[stage];
    const athena = athenaNeeds && athenaPlace(environment);
    const remoteEngine = async () =>
        athena && athenaNeeds?.queries && engines && outside.remoteEngine(athena, blobs, engines);
    const absent = <Part extends object>(name: string) => withheld<Part>(stage, name);
    return {
        contracts: absent('contracts'),
        graph: absent('models'),
        ...(await projectFor(needs, environment.CARTLAKE_PROJECT_ROOT ?? environment.LAMBDA_TASK_ROOT)),
        landing: needs.landing ? createS3Landing(s3, environment.CARTLAKE_LANDING_BUCKET) : absent('landing'),
        blobs,
        control,
        ledger: createLedger(control, now),
        catalog: createCatalog(control, blobs),
        reader: createFileReader(),
        archives: createArchiveReader(join(tmpdir(), `cartlake-${uniqueName()}`)),
        stager: engines?.stager ?? absent('stager'),
        engine: (await remoteEngine()) ?? engines?.engine ?? absent('engine'),
        mirror: athena && athenaNeeds?.mirrors && (await outside.mirror(athena, blobs)),
        executions: needs.starts || needs.describes ? await outside.executions(machines) : absent('executions'),
        publisher: secret ? await outside.publisher(secret) : absent('publisher'),
        sources: needs.sources ? await outside.sources(environment.CARTLAKE_SOURCE_SECRETS) : absent('sources'),
        now,
        gatherMs: GATHER_MS,
        maxFileBytes: Math.floor((await diskBytes()) * FILE_SHARE),
        removeScratch: (folder) => rm(folder, { recursive: true, force: true }),
        readText: (path) => createReadStream(path),
    };
}

async function projectFor({ project }: StageNeeds, root: string): Promise<Partial<Project>> {
    if (project === undefined) return {};
    const { loadContracts, loadProject } = await import('../_project/project.ts');
    const contracts = join(root, 'contracts');
    if (project === 'contracts') return { contracts: await loadContracts(contracts) };
    return loadProject(contracts, join(root, 'models'), join(root, 'experiments'));
}

/** A function's disk serves one process at a time, so that nobody else uses the folder. */
async function partCache(stage: StageName): Promise<PartCache> {
    const mostBytes = Math.min((await diskBytes()) * PARTS_SHARE, MOST_PARTS_BYTES);
    return createPartCache({ folder: join(tmpdir(), `cartlake-parts-${stage}`), mostBytes });
}

async function diskBytes(): Promise<number> {
    const { blocks, bsize } = await statfs(tmpdir());
    return blocks * bsize;
}

/** Stands for a part that was not asked for. Contexts are copied, so only using it may throw. */
function withheld<Part extends object>(stage: StageName, name: string): Part {
    return new Proxy({} as Part, {
        get() {
            throw new PipelineError(
                `The stage ${stage} uses ${name}, which its needs do not name. Add it to STAGE_NEEDS (lambdas/_aws/permissions.ts).`,
            );
        },
    });
}
