import { describe, expect, it } from 'vitest';
import { requestBuild } from '#core/build/requests.ts';
import { TransientError } from '#core/errors.ts';
import type { ExecutionSummary } from '#core/execution/execution-log.ts';
import type { ExecutionStatus, MachineName } from '#core/execution/executions.ts';
import { hasFailed, untilBuilt, untilEnded, untilIngested } from '#core/execution/outcome.ts';
import { createLedger } from '#core/ledger/ledger.ts';
import { createMemoryControl } from '#test/support/fakes/memory-control.ts';

const NOW = '2026-01-02T00:00:00.000Z';
const OBJECT = { bucket: 'landing', key: 'landing/users/users.csv', version: '1' };

function place() {
    const control = createMemoryControl();
    const ledger = createLedger(control, () => NOW);
    const executions: ExecutionSummary[] = [];
    const log = {
        list: async (machine: string) => executions.filter((execution) => execution.machine === machine).reverse(),
        find: async (_: string, name: string) => executions.find((execution) => execution.name === name),
        events: async () => [],
    };
    const add = (machine: MachineName, name: string, status: ExecutionStatus, startedAt = NOW) =>
        executions.push({ machine, name, status, startedAt, stoppedAt: NOW, error: undefined, cause: undefined });
    const receive = () => ledger.receive({ object: OBJECT, dataset: 'users', size: 1, landedAt: NOW });
    const request = () =>
        requestBuild({ control, executions: { start: async () => {}, status: async () => 'RUNNING' } });
    return { deployment: { control, ledger, log }, add, receive, request };
}

describe('waiting for one execution', () => {
    it('gives it once it has ended, well or not', async () => {
        const { deployment, add } = place();
        setTimeout(() => add('replay', 'replay-a-1', 'FAILED'), 50);

        expect(await untilEnded(deployment, 'replay', 'replay-a-1', 5_000)).toMatchObject({ status: 'FAILED' });
    });

    it('is given up after a while', async () => {
        const { deployment, add } = place();
        add('replay', 'replay-a-1', 'RUNNING');

        await expect(untilEnded(deployment, 'replay', 'replay-a-1', 0)).rejects.toThrow(
            'Waited too long for the replay replay-a-1.',
        );
    });
});

describe('waiting for ingests', () => {
    it('gives the entry and its execution once that has ended', async () => {
        const { deployment, add, receive } = place();
        const { entry } = await receive();
        add('ingest', `${entry.id}-1`, 'SUCCEEDED');
        const [outcome] = await untilIngested(deployment, [OBJECT], 1_000);

        expect(outcome?.entry.id).toBe(entry.id);
        expect(outcome?.execution?.status).toBe('SUCCEEDED');
    });

    it('does not wait for an execution of a file that was rejected at the door', async () => {
        const { deployment, receive } = place();
        const { entry } = await receive();
        await deployment.ledger.markRejected(entry.id, 'no contract covers it');
        const [outcome] = await untilIngested(deployment, [OBJECT], 1_000);

        expect(outcome?.entry.reason).toBe('no contract covers it');
        expect(outcome?.execution).toBeUndefined();
    });

    it.each(['unknown to the ledger', 'running'])('gives up in time when the object is %s', async (how) => {
        const { deployment, add, receive } = place();
        if (how === 'running') add('ingest', `${(await receive()).entry.id}-1`, 'RUNNING');
        const waiting = untilIngested(deployment, [OBJECT], 0);

        await expect(waiting).rejects.toThrow(TransientError);
        await expect(waiting).rejects.toThrow('Waited too long for the ingest of landing/users/users.csv.');
    });
});

describe('waiting for builds', () => {
    it('returns at once when none was asked for', async () => {
        const { deployment, add } = place();
        add('build', 'build-1-1', 'SUCCEEDED', '2026-01-01T00:00:00.000Z');

        expect(await untilBuilt(deployment, NOW, 1_000)).toEqual([]);
    });

    it('returns when the builder has failed, though the request stays open', async () => {
        const { deployment, add, request } = place();
        await request();
        add('build', 'build-1-1', 'FAILED');
        const builds = await untilBuilt(deployment, NOW, 1_000);

        expect(builds.map(({ name, status }) => [name, status])).toEqual([['build-1-1', 'FAILED']]);
        expect(builds.every(hasFailed)).toBe(true);
    });

    it('gives up in time on a builder that runs', async () => {
        const { deployment, add, request } = place();
        await request();
        add('build', 'build-1-1', 'RUNNING');

        await expect(untilBuilt(deployment, NOW, 0)).rejects.toThrow('Waited too long for the build.');
    });

    it('gives up in time on an execution that does not end after its request is done', async () => {
        const { deployment, add } = place();
        add('build', 'build-1-1', 'RUNNING');

        await expect(untilBuilt(deployment, NOW, 0)).rejects.toThrow('Waited too long for the end of the build.');
    });
});
