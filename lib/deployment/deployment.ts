import { UsageError } from '#core/errors.ts';

export const DEPLOYMENT_STAGES = ['dev', 'staging', 'prod'] as const;
export type DeploymentStage = (typeof DEPLOYMENT_STAGES)[number];

/** What is deployed, where and for whom: the context of a `cdk` command, checked. */
export interface Deployment {
    readonly target: 'aws' | 'localstack';
    readonly engine: 'duckdb' | 'athena';
    readonly stage: DeploymentStage;
    /** `rds`: an instance of its own. `external`: any PostgreSQL, whose URL stands in the secret. */
    readonly database: 'rds' | 'external';
    /** URL of the external database; on LocalStack only, where templates are no place to spy on. */
    readonly databaseUrl: string | undefined;
    readonly architecture: 'arm64' | 'x86_64';
    /** Who gets the alarms. */
    readonly alarmEmail: string | undefined;
    /** Servers of contracts whose datasets are extracted by schedule. */
    readonly sources: readonly string[];
    /** URL of all of them; on LocalStack only. */
    readonly sourceUrl: string | undefined;
}

/** The keys of `-c key=value`, each with its allowed values, default first; empty for free text. */
const KEYS = {
    target: ['aws', 'localstack'],
    engine: ['duckdb', 'athena'],
    stage: DEPLOYMENT_STAGES,
    database: ['rds', 'external'],
    databaseUrl: [],
    architecture: ['arm64', 'x86_64'],
    alarmEmail: [],
    sources: [],
    sourceUrl: [],
} as const satisfies Record<keyof Deployment, readonly string[]>;

type Key = keyof typeof KEYS;
type Value<K extends Key> = (typeof KEYS)[K] extends readonly [] ? string : (typeof KEYS)[K][number];

/**
 * Reads a deployment from context. Throws UsageError that lists every fault.
 *
 * @example readDeployment({ target: 'localstack', databaseUrl: 'postgres://...' })
 */
export function readDeployment(context: Readonly<Record<string, unknown>>): Deployment {
    const faults: string[] = [];
    const read = <K extends Key>(key: K): Value<K> | undefined => {
        const allowed: readonly string[] = KEYS[key];
        const value = context[key];
        if (value === undefined || value === '') return undefined;
        if (typeof value === 'string' && (allowed.length === 0 || allowed.includes(value))) return value as Value<K>;
        faults.push(`${key} must be ${allowed.join(' or ') || 'text'}, found ${JSON.stringify(value)}`);
        return undefined;
    };
    const target = read('target') ?? 'aws';
    const isLocal = target === 'localstack';
    const deployment: Deployment = {
        target,
        engine: read('engine') ?? 'duckdb',
        stage: read('stage') ?? 'dev',
        database: read('database') ?? (isLocal ? 'external' : 'rds'),
        databaseUrl: read('databaseUrl'),
        architecture: read('architecture') ?? (isLocal ? hostArchitecture() : 'arm64'),
        alarmEmail: read('alarmEmail'),
        sources: (read('sources') ?? '').split(',').flatMap((name) => name.trim() || []),
        sourceUrl: read('sourceUrl'),
    };
    faults.push(...contradictions(deployment));
    if (faults.length > 0) {
        throw new UsageError(
            `The context of this deployment is wrong: ${faults.join('; ')}. ` +
                'Example: cdk deploy --all -c target=aws -c stage=prod (docs/deploy.md).',
        );
    }
    return deployment;
}

function* contradictions({ target, engine, database, databaseUrl, sources, sourceUrl }: Deployment): Generator<string> {
    const isLocal = target === 'localstack';
    if (isLocal && engine === 'athena') yield 'engine=athena needs target=aws, because LocalStack has no Athena';
    if (isLocal && database === 'rds') yield 'database=rds needs target=aws, because LocalStack has no RDS';
    if (isLocal && databaseUrl === undefined) {
        yield 'target=localstack needs databaseUrl, such as postgres://user:password@127.0.0.1:5432/shop';
    }
    if (!isLocal && databaseUrl !== undefined) {
        yield 'databaseUrl works with target=localstack only: a template is no place for a password, so on AWS put it into the secret first';
    }
    if (!isLocal && sourceUrl !== undefined) {
        yield 'sourceUrl works with target=localstack only: on AWS write it into the secret of the source first';
    }
    if (sourceUrl !== undefined && !/^postgres(ql)?:\/\//.test(sourceUrl))
        yield 'sourceUrl must start with postgres://';
    if (sourceUrl !== undefined && sources.length === 0) yield 'sourceUrl needs sources, such as sources=shop';
    if (databaseUrl !== undefined && !/^postgres(ql)?:\/\//.test(databaseUrl)) {
        yield 'databaseUrl must start with postgres://';
    }
}

/** On LocalStack functions are processes of this machine. */
function hostArchitecture(): Deployment['architecture'] {
    return process.arch === 'arm64' ? 'arm64' : 'x86_64';
}
