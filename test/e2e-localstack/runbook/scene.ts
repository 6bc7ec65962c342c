import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PipelineError, TransientError } from '#core/errors.ts';
import type { LedgerEntry } from '#core/ledger/entry.ts';
import type { ObjectRef } from '#core/types.ts';
import { clientEnvironment } from '#localstack/environment.ts';
import { forLocalStack, inAnyFolder } from '#test/support/runbook.ts';
import type { Pipeline } from '#test/workflow/scenarios/pipeline.ts';
import { createDeployedPipeline } from '../deployed-pipeline.ts';
import { PATIENCE_MS, type Place } from '../place.ts';

/** What a command said, on both outputs, and how it ended. */
export interface Said {
    readonly code: number;
    readonly output: string;
}

/** Where rehearsals happen: a deployed pipeline, and the shell of whoever is called when an alarm rings. */
export interface Scene {
    readonly place: Place;
    readonly pipeline: Pipeline;
    /** The shell's folder. */
    readonly files: string;
    /** Runs a command of the runbook, adapted to this place. */
    type(command: string): Promise<Said>;
    /** Runs the AWS command line and returns its answer. Throws when it fails. */
    aws(...words: readonly string[]): Promise<string>;
    /** Writes a file into the shell's folder. */
    write(name: string, text: string): Promise<void>;
    /** Waits until a file that landed is in a state. */
    until(object: ObjectRef, state: LedgerEntry['state']): Promise<LedgerEntry>;
}

const POLL_MS = 200;

export async function createScene(place: Place): Promise<Scene> {
    const files = join(place.folder, 'shell');
    await mkdir(files);
    const env = {
        ...clientEnvironment(place.port),
        CARTLAKE_LOCALSTACK_DIR: place.stateRoot,
        NO_COLOR: '1',
        // LocalStack brings an AWS command line with it.
        PATH: `${join(place.stateRoot, 'venv', 'bin')}:${process.env.PATH}`,
    };
    const run = (file: string, words: readonly string[]) =>
        new Promise<Said>((resolve) => {
            const options = { cwd: files, env, maxBuffer: 2 ** 24, timeout: PATIENCE_MS };
            execFile(file, [...words], options, (error, stdout, stderr) => {
                const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
                resolve({ code, output: stdout + stderr });
            });
        });
    return {
        place,
        pipeline: await createDeployedPipeline(place),
        files,
        type: (command) => run('bash', ['-c', inAnyFolder(forLocalStack(command))]),
        async aws(...words) {
            const { code, output } = await run('aws', words);
            if (code !== 0) throw new PipelineError(`aws ${words.join(' ')} ended with ${code}:\n${output}`);
            return output.trim();
        },
        write: (name, text) => writeFile(join(files, name), text),
        async until({ key, version }, state) {
            const isMeant = ({ object }: LedgerEntry) => object.key === key && object.version === version;
            return untilFound(`${key} is ${state}`, async () => {
                const entry = (await place.deployment.ledger.unfinished()).find(isMeant);
                const found = entry ?? (await Array.fromAsync(place.deployment.ledger.all())).find(isMeant);
                return found?.state === state ? found : undefined;
            });
        },
    };
}

/** Asks until there is an answer. Throws TransientError when a minute brought none. */
export async function untilFound<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
    const deadline = Date.now() + 60_000;
    for (;;) {
        const found = await look();
        if (found !== undefined && found !== false) return found;
        if (Date.now() > deadline) throw new TransientError(`Waited a minute in vain: ${what}.`);
        await sleep(POLL_MS);
    }
}
