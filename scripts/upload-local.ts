// Uploads files to the pipeline on LocalStack: node scripts/upload-local.ts FILE|DIR... [--wait] [--stage dev]
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type FoundFile, findFiles } from '#cli/ingest/find-files.ts';
import { coerceError, UsageError } from '#core/errors.ts';
import type { ExecutionSummary } from '#core/execution/execution-log.ts';
import type { ObjectRef } from '#core/types.ts';
import { loadProject, PROJECT_ROOT } from '#embedded/project.ts';
import { runCommand, say } from '#localstack/command-line.ts';
import { connectDeployment, type LocalDeployment } from '#localstack/deployment.ts';
import { hasFailed, type IngestOutcome, untilBuilt, untilIngested } from '#localstack/outcome.ts';
import { requireServer } from '#localstack/server.ts';
import { stateFolder } from '#localstack/state.ts';

const USAGE = 'npm run upload:local -- FILE|DIR... [--wait] [--patience SECONDS] [--stage dev] [--dataset NAME]';

await runCommand(async () => {
    const { values, positionals } = readCommandLine();
    const patienceMs = Number(values.patience) * 1000;
    if (!(patienceMs > 0)) throw new UsageError(`--patience is a number of seconds, found "${values.patience}".`);
    if (positionals.length === 0) throw new UsageError(`Name at least one file or folder: ${USAGE}`);
    const { port } = await requireServer(stateFolder());
    const { contracts } = await loadProject(join(PROJECT_ROOT, 'contracts'), join(PROJECT_ROOT, 'models'));
    const found = await findFiles(positionals, {
        contracts,
        dataset: values.dataset,
        name: undefined,
        temporary: tmpdir(),
    });
    for (const { name, why } of found.unreadable) fail(`${name}: ${why}`);
    for (const name of found.skipped) say(`skipped    ${name}: no contract covers it`);
    const deployment = connectDeployment(port, values.stage);
    try {
        const began = new Date().toISOString();
        const objects = await upload(deployment, found.files);
        if (values.wait) await tell(deployment, objects, began, patienceMs);
    } finally {
        deployment.close();
    }
});

function readCommandLine() {
    const options = {
        wait: { type: 'boolean' },
        patience: { type: 'string', default: '600' },
        stage: { type: 'string', default: 'dev' },
        dataset: { type: 'string' },
    } as const;
    try {
        return parseArgs({ options, allowPositionals: true });
    } catch (error) {
        throw new UsageError(`${coerceError(error).message} Usage: ${USAGE}`);
    }
}

/** One after the other, so that what arrives first is seen first. */
async function upload({ landing }: LocalDeployment, files: readonly FoundFile[]): Promise<ObjectRef[]> {
    const objects: ObjectRef[] = [];
    for (const { key, path } of files) {
        const object = await landing.land(key, path);
        say(`uploaded   ${object.key}  version ${object.version}`);
        objects.push(object);
    }
    return objects;
}

async function tell(
    deployment: LocalDeployment,
    objects: readonly ObjectRef[],
    began: string,
    patienceMs: number,
): Promise<void> {
    for (const outcome of await untilIngested(deployment, objects, patienceMs)) tellIngest(outcome);
    const builds = await untilBuilt(deployment, began, patienceMs);
    if (builds.length === 0) say('build      none: nothing new');
    for (const build of builds) tellBuild(build);
}

function tellIngest({ entry, execution }: IngestOutcome): void {
    say(`${entry.state.padEnd(10)} ${entry.object.key}  ingest ${execution?.status ?? 'not started'}`);
    const isBad = entry.state === 'rejected' || (execution !== undefined && hasFailed(execution));
    if (isBad) fail(`           ${entry.reason ?? execution?.cause ?? 'no reason given'}`);
}

function tellBuild(build: ExecutionSummary): void {
    const seconds = (Date.parse(build.stoppedAt ?? '') - Date.parse(build.startedAt)) / 1000;
    say(`build      ${build.name}  ${build.status}  ${seconds.toFixed(1)} s`);
    if (hasFailed(build)) fail(`           ${build.cause ?? 'Look into its execution history.'}`);
}

function fail(line: string): void {
    console.error(line);
    process.exitCode = 1;
}
