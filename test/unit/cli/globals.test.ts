import { resolve } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addGlobals, EVERYWHERE, globalsOf } from '#cli/globals.ts';

/** Globals as the subcommand of a parsed command line sees them. */
function parsed(words: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    const sub = addGlobals(new Command('sub').action(() => undefined));
    const program = addGlobals(new Command('cartlake')).addCommand(sub);
    program.parse(words, { from: 'user' });
    return globalsOf(sub, environment);
}

/** The same for a command that also works on deployed pipelines. */
function everywhere(...words: readonly string[]) {
    const sub = addGlobals(
        new Command('sub').action(() => undefined),
        EVERYWHERE,
    ).exitOverride();
    const program = addGlobals(new Command('cartlake'), EVERYWHERE).addCommand(sub);
    program.parse(words, { from: 'user' });
    return globalsOf(sub, { CARTLAKE_LAKE: 'env', CARTLAKE_POSTGRES_URL: 'postgres://env' });
}

describe('a target', () => {
    it('is a deployment of the stage dev unless another is named, before or after the command', () => {
        expect(everywhere('sub').target).toBeUndefined();
        expect(everywhere('sub', '--target', 'localstack').target).toEqual({ name: 'localstack', stage: 'dev' });
        expect(everywhere('--target', 'aws', 'sub', '--stage', 'prod').target).toEqual({ name: 'aws', stage: 'prod' });
    });

    it('stands in the commands that are suggested', () => {
        expect(everywhere('sub', '--target', 'localstack').lakeOption).toBe(' --target localstack');
        expect(everywhere('sub', '--target', 'aws', '--stage', 'prod').lakeOption).toBe(' --target aws --stage prod');
    });

    it.each(['--lake', '--postgres', '--contracts', '--set'])('does not go together with %s', (option) => {
        expect(() => everywhere('sub', '--target', 'aws', option, 'x')).toThrow(`${option} is for a lake in a folder`);
    });

    it('is needed where a stage is named', () => {
        expect(() => everywhere('sub', '--stage', 'prod')).toThrow('--stage names a deployment');
    });

    it('is refused by commands that work on a lake in a folder', () => {
        const sub = addGlobals(new Command('sql').action(() => undefined));
        const program = addGlobals(new Command('cartlake'), EVERYWHERE).addCommand(sub);
        program.parse(['--target', 'aws', 'sql'], { from: 'user' });

        expect(() => globalsOf(sub, {})).toThrow('cartlake sql works on a lake in a folder only');
    });
});

describe('globalsOf', () => {
    it('has defaults', () => {
        expect(parsed(['sub'])).toEqual({
            lake: resolve('.cartlake'),
            lakeName: '.cartlake',
            lakeOption: '',
            postgres: undefined,
            contracts: undefined,
            set: [],
            json: false,
            memory: undefined,
            debug: false,
        });
    });

    it.each([[['sub', '--lake', 'x', '--json']], [['--lake', 'x', '--json', 'sub']]])('reads %o', (words) => {
        expect(parsed(words)).toMatchObject({ lake: resolve('x'), lakeOption: ' --lake x', json: true });
    });

    it('takes the option nearest to the command before the environment', () => {
        const environment = { CARTLAKE_LAKE: 'env', CARTLAKE_POSTGRES_URL: 'postgres://env' };

        expect(parsed(['sub'], environment)).toMatchObject({
            lakeName: 'env',
            lakeOption: '',
            postgres: 'postgres://env',
        });
        expect(parsed(['--lake', 'far', 'sub', '--lake', 'near'], environment).lakeName).toBe('near');
        expect(parsed(['sub'], { CARTLAKE_LAKE: '' }).lakeName).toBe('.cartlake');
    });

    it('collects repeated settings', () => {
        expect(parsed(['sub', '--set', 'a.b=1', '--set', 'a.c=2']).set).toEqual(['a.b=1', 'a.c=2']);
    });

    it('reads the memory in megabytes and refuses what is none', () => {
        expect(parsed(['sub'], { CARTLAKE_MEMORY_MB: '512' }).memory).toBe(512_000_000);
        for (const text of ['lots', '0', '-5', '63', 'Infinity']) {
            expect(() => parsed(['sub'], { CARTLAKE_MEMORY_MB: text })).toThrow(`CARTLAKE_MEMORY_MB is "${text}"`);
        }
    });
});
