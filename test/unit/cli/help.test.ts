import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from '#cli/program.ts';

/** Everything a command's --help prints. */
function helpOf(command: Command): string {
    let text = '';
    command.configureOutput({
        writeOut: (part) => {
            text += part;
        },
    });
    command.outputHelp();
    return text;
}

describe('help', async () => {
    const { commands } = await createProgram();

    it('has the commands people look for', () => {
        const names = commands.map((command) => command.name());

        for (const name of ['demo', 'ingest', 'build', 'plan', 'status', 'report', 'sql', 'psql', 'clean']) {
            expect(names).toContain(name);
        }
    });

    it.each(commands.map((command) => [command.name(), command] as const))(
        '%s shows examples that call it',
        (name, command) => {
            const [, shown = ''] = helpOf(command).split('\nExamples:\n');

            expect(shown).toMatch(new RegExp(`cartlake ${name}\\b`));
        },
    );

    it('refuses what it does not know by throwing, so that the process ends where it began', async () => {
        const program = (await createProgram()).configureOutput({ writeErr: () => undefined });

        await expect(program.parseAsync(['frob'], { from: 'user' })).rejects.toMatchObject({ exitCode: 1 });
    });

    it('of a command is the same when that command alone is loaded', async () => {
        const [alone, ...others] = (await createProgram('ingest')).commands;

        expect(others).toEqual([]);
        expect(helpOf(alone as Command)).toBe(helpOf(commands.find((each) => each.name() === 'ingest') as Command));
    });

    it.each(['--lake', 'frob', 'constructor', undefined])(
        'is about all commands where %s was typed first',
        async (typed) => {
            expect((await createProgram(typed)).commands.length).toBe(commands.length);
        },
    );
});
