import type { MachineName } from '#core/execution/executions.ts';

/** All stages, by the folder names of their handlers. */
export const STAGE_NAMES = [
    'admit',
    'probe',
    'stage',
    'register',
    'reject',
    'fail',
    'plan',
    'build',
    'check',
    'promote',
    'halt',
    'publish',
    'report',
    'finish',
    'sweep',
    'extract',
    'reread',
    'request',
] as const;

export type StageName = (typeof STAGE_NAMES)[number];

/** Where things lie in the lake bucket: folders, and single documents (with their ending). */
export type LakePlace =
    | 'control/ledger'
    | 'control/open'
    | 'control/closed'
    | 'control/registry'
    | 'control/catalog'
    | 'control/experiments'
    | 'control/openlineage'
    | 'control/staged-under'
    | 'control/extracts'
    | 'control/build-requests.json'
    | 'control/published.json'
    | 'catalog'
    | 'runs'
    | 'staging'
    | 'quarantine'
    | 'marts'
    | 'reports';

/** What a stage needs to touch; nothing else is granted. */
export interface StageNeeds {
    /** Reads files of the landing bucket. */
    readonly landing?: true;
    /** Lands files itself. */
    readonly lands?: true;
    readonly reads: readonly LakePlace[];
    /** Writing a control document is compare-and-swap, so every such place stands in `reads` as well. */
    readonly writes?: readonly LakePlace[];
    readonly removes?: readonly LakePlace[];
    /** Starts executions of these machines. */
    readonly starts?: readonly MachineName[];
    /** Asks how executions of these machines are doing. */
    readonly describes?: readonly MachineName[];
    /** Reads the secret of the database and connects to it. */
    readonly database?: true;
    /** Reads the secrets of the databases that datasets are extracted from, and connects to them. */
    readonly sources?: true;
    /** Loads DuckDB: needs its native files beside the bundle, memory and disk. */
    readonly duckdb?: true;
    /** What it reads of the project's files when it starts: contracts, or contracts, models and experiments. */
    readonly project?: 'contracts' | 'models';
}

const LEDGER = 'control/ledger';
const OPEN = 'control/open';
const CLOSED = 'control/closed';
const EXPERIMENTS = 'control/experiments';
/** Events of ended executions; each is written once. */
const EVENTS = 'control/openlineage';
const REGISTRY = 'control/registry';
const REQUESTS = 'control/build-requests.json';
const TABLES = ['control/catalog', 'catalog'] as const;

/** The needs of each stage, as its handler's code has them. */
export const STAGE_NEEDS: Readonly<Record<StageName, StageNeeds>> = {
    admit: {
        landing: true,
        project: 'contracts',
        reads: [LEDGER, CLOSED],
        writes: [LEDGER, OPEN, CLOSED],
        removes: [OPEN, CLOSED],
        starts: ['ingest'],
    },
    probe: { landing: true, project: 'contracts', reads: [LEDGER], duckdb: true },
    stage: {
        landing: true,
        project: 'contracts',
        reads: [LEDGER, 'quarantine'],
        writes: ['staging', 'quarantine'],
        duckdb: true,
    },
    register: {
        project: 'contracts',
        reads: [LEDGER, REGISTRY, REQUESTS, EVENTS, 'staging'],
        writes: [LEDGER, REGISTRY, REQUESTS, EVENTS],
        starts: ['build'],
        describes: ['build'],
    },
    reject: {
        project: 'contracts',
        reads: [LEDGER, CLOSED, REGISTRY, REQUESTS, EVENTS],
        writes: [LEDGER, OPEN, CLOSED, REGISTRY, REQUESTS, EVENTS],
        removes: [OPEN, CLOSED],
        starts: ['build'],
        describes: ['build'],
    },
    fail: { reads: [LEDGER, EVENTS], writes: [LEDGER, EVENTS] },
    plan: {
        project: 'models',
        reads: [LEDGER, REQUESTS, REGISTRY, 'control/published.json', EXPERIMENTS, EVENTS, ...TABLES, 'runs'],
        writes: ['runs', EXPERIMENTS, EVENTS],
    },
    build: {
        project: 'models',
        reads: [...TABLES, EXPERIMENTS, 'runs', 'staging', 'marts'],
        writes: ['marts', 'runs'],
        // A repeated build removes what its first try left in the same place.
        removes: ['marts'],
        duckdb: true,
    },
    check: {
        project: 'models',
        reads: [...TABLES, EXPERIMENTS, 'runs', 'staging', 'marts'],
        writes: ['runs'],
        duckdb: true,
    },
    promote: { reads: ['control/catalog', REQUESTS, 'runs'], writes: [...TABLES] },
    halt: { reads: [], writes: ['runs'] },
    publish: {
        project: 'models',
        // What it says of a table's quality stands in the ledger and in the notes of runs.
        reads: [...TABLES, REQUESTS, LEDGER, CLOSED, 'runs', 'marts', 'control/published.json'],
        writes: ['control/published.json'],
        database: true,
        duckdb: true,
    },
    report: {
        project: 'models',
        // It reads what it wrote before, to leave what is the same alone, and removes what a report no longer has.
        reads: [...TABLES, EXPERIMENTS, 'control/published.json', 'runs', 'marts', 'reports'],
        writes: ['reports', EXPERIMENTS],
        removes: ['reports'],
        duckdb: true,
    },
    finish: {
        project: 'models',
        reads: [LEDGER, CLOSED, REQUESTS, EVENTS, 'runs'],
        writes: [LEDGER, OPEN, CLOSED, REQUESTS, EVENTS],
        removes: [OPEN, CLOSED],
        starts: ['build'],
        describes: ['build'],
    },
    sweep: {
        project: 'contracts',
        reads: [LEDGER, CLOSED, REGISTRY, REQUESTS, EVENTS, 'control/staged-under'],
        writes: [LEDGER, OPEN, CLOSED, REGISTRY, REQUESTS, EVENTS, 'control/staged-under'],
        removes: [OPEN, CLOSED],
        starts: ['ingest', 'build'],
        describes: ['ingest', 'build'],
    },
    extract: {
        landing: true,
        lands: true,
        project: 'contracts',
        reads: ['control/extracts'],
        writes: ['control/extracts'],
        sources: true,
    },
    reread: { reads: [LEDGER], writes: [LEDGER, OPEN], starts: ['ingest'], describes: ['ingest'] },
    request: { reads: [REQUESTS], writes: [REQUESTS], starts: ['build'], describes: ['build'] },
};
