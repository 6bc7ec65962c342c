import { deepEqual, equal, ok } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createPostgresServer } from '#embedded/postgres/server.ts';
import { PROJECT_ROOT } from '#embedded/project.ts';
import { endpointOf } from '#localstack/environment.ts';
import { processesOf } from '#localstack/processes.ts';
import { readRecord, stateFolder } from '#localstack/state.ts';
import { addressesListenedOn, descendantsOf, LOOPBACK } from '#test/support/listeners.ts';
import type { Place } from './place.ts';

/** Throws when a process of LocalStack, of a function, of PostgreSQL or of this run listens beyond loopback. */
export async function listenersAreLocal({ stateRoot }: Place): Promise<void> {
    if (process.platform !== 'linux') return;
    const state = stateFolder({ CARTLAKE_LOCALSTACK_DIR: stateRoot });
    const server = await processesOf((await readRecord(state))?.id ?? '');
    // Functions run by now, each beside its runtime API.
    ok(server.length > 5, `LocalStack and its functions are ${server.length} processes`);
    const { pid: postgres = 0 } = await createPostgresServer({ folder: join(stateRoot, 'postgres') }).status();
    const own = [process.pid, ...(await descendantsOf(process.pid)), postgres, ...(await descendantsOf(postgres))];
    const addresses = await addressesListenedOn([...server, ...own]);
    ok(addresses.has('0100007F'), 'nobody listens at all');
    deepEqual(
        [...addresses].filter((address) => !LOOPBACK.has(address)),
        [],
    );
}

/** Throws when the contract tests that the fakes and the folder pass fail on LocalStack's S3 and Step Functions. */
export async function promisesAreKept({ port }: Place): Promise<void> {
    const tests = ['test/unit/adapters/s3', 'test/unit/adapters/stepfunctions'];
    const { status, stdout, stderr } = spawnSync(
        process.execPath,
        ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', ...tests, '-t', 'a real'],
        {
            cwd: PROJECT_ROOT,
            env: { ...process.env, NO_COLOR: '1', CARTLAKE_LOCALSTACK_ENDPOINT: endpointOf(port) },
            encoding: 'utf8',
        },
    );
    equal(status, 0, stdout + stderr);
    const passed = Number(/Tests +(\d+) passed/.exec(stdout)?.[1]);
    ok(passed >= 25, `${passed} contract tests ran on LocalStack:\n${stdout}`);
}
