import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { failureOf } from '#cli/failure.ts';
import { DataError, UsageError } from '#core/errors.ts';
import { temporaryFolder } from '#test/support/temporary.ts';

describe('failureOf', () => {
    it('tells errors of the pipeline by their message alone, 2 for wrong usage and 1 for the rest', () => {
        expect(failureOf(new UsageError('Name a file.'), '/none', false)).toEqual({ lines: ['Name a file.'], code: 2 });
        expect(failureOf(new DataError('It halts.'), '/none', false)).toEqual({ lines: ['It halts.'], code: 1 });
    });

    it('is silent where commander has spoken; help is no failure', () => {
        expect(failureOf(new CommanderError(1, 'commander.unknownOption', 'x'), '/none', false)).toEqual({
            lines: [],
            code: 2,
        });
        expect(failureOf(new CommanderError(0, 'commander.helpDisplayed', 'x'), '/none', false).code).toBe(0);
    });

    it('tells anything else in one line, with the log where there is one', async () => {
        const lake = await temporaryFolder();
        const error = new TypeError('x is undefined.\n    at y');

        expect(failureOf(error, lake, false)).toEqual({
            lines: ['Unexpected: x is undefined. Set CARTLAKE_DEBUG=1 to see where it happened.'],
            code: 1,
        });
        await mkdir(join(lake, 'logs'));
        expect(failureOf(error, lake, false).lines[0]).toContain('The log is in ');
        expect(failureOf('thrown text', lake, false).code).toBe(1);
    });

    it('shows stacks, of causes too, only when asked', () => {
        const { lines } = failureOf(new UsageError('Out.', { cause: new Error('In.') }), '/none', true);

        expect(lines).toEqual([
            'Out.',
            expect.stringContaining('failure.test.ts'),
            expect.stringContaining('caused by Error: In.'),
        ]);
    });
});
