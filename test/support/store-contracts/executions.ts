import { describe, expect, it } from 'vitest';
import type { ExecutionStatus, Executions, MachineName } from '#core/execution/executions.ts';

/** A machine whose input says how it ends: `{ end: 'SUCCEEDED' }` or `{ end: 'FAILED' }`. */
export const ENDS_AS_TOLD = JSON.stringify({
    StartAt: 'As told',
    States: {
        'As told': {
            Type: 'Choice',
            Choices: [{ Variable: '$.end', StringEquals: 'FAILED', Next: 'Failed' }],
            Default: 'Succeeded',
        },
        Failed: { Type: 'Fail', Error: 'AsTold' },
        Succeeded: { Type: 'Succeed' },
    },
});

/** Executions of two such machines. */
export interface ExecutionsUnderTest {
    readonly executions: Executions;
    /** Lets what was started run to its end. */
    settle(machine: MachineName, name: string): Promise<void>;
}

/** What every runner of state machines promises. `make` gives one that has run nothing. */
export function describeExecutions(name: string, make: () => Promise<ExecutionsUnderTest>): void {
    describe(`the executions of ${name}`, () => {
        it('know nothing of what was never started', async () => {
            const { executions } = await make();

            expect(await executions.status('ingest', 'never-1')).toBeUndefined();
        });

        it.each<[ExecutionStatus]>([['SUCCEEDED'], ['FAILED']])('tell that one %s', async (end) => {
            const { executions, settle } = await make();
            await executions.start('ingest', 'one-1', { end });
            expect(['RUNNING', end]).toContain(await executions.status('ingest', 'one-1'));
            await settle('ingest', 'one-1');

            expect(await executions.status('ingest', 'one-1')).toBe(end);
        });

        it('start a name once, also when it is over', async () => {
            const { executions, settle } = await make();
            for (let time = 0; time < 3; time++) {
                await executions.start('build', 'again-1', { end: 'SUCCEEDED' });
                if (time > 0) await settle('build', 'again-1');
            }

            expect(await executions.status('build', 'again-1')).toBe('SUCCEEDED');
        });

        it('of the two machines have names of their own', async () => {
            const { executions } = await make();
            await executions.start('ingest', 'shared-1', { end: 'SUCCEEDED' });

            expect(await executions.status('build', 'shared-1')).toBeUndefined();
        });
    });
}
