import { describe, expect, it } from 'vitest';
import { withNextThere } from '#cli/deployed/next-step.ts';
import { troublesOf } from '#core/status/troubles.ts';
import { anEntry } from '#test/support/builders.ts';

const lastBuild = {
    name: 'build-2-1',
    status: 'FAILED',
    stoppedAt: undefined,
    error: 'TransientError',
    cause: 'Away.',
};
const nextOf = (evidence: Partial<Parameters<typeof troublesOf>[0]>) => {
    const calm = { entries: [], tables: [], lastBuild: undefined, halted: [], open: 0 };
    return troublesOf({ ...calm, ...evidence }).map((trouble) => withNextThere(trouble, ' --target aws').next);
};

describe('what to do about a trouble of a deployed pipeline', () => {
    it('is a command that finds it', () => {
        expect(nextOf({ lastBuild, open: 1 })).toEqual([
            'cartlake build --target aws (what happened: cartlake executions build-2-1 --target aws)',
        ]);
        expect(nextOf({ halted: [{ model: 'dim_users', reason: 'It failed a check.' }] })[0]).toMatch(
            /then cartlake build --target aws$/,
        );
    });

    it('is a sweep for a file that was not finished', () => {
        expect(nextOf({ entries: [anEntry()] })).toEqual(['cartlake sweep --target aws']);
    });
});
