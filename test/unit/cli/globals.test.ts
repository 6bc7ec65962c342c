import { resolve } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addGlobals, globalsOf } from '#cli/globals.ts';

/** Globals as the subcommand of a parsed command line sees them. */
function parsed(words: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    const sub = addGlobals(new Command('sub').action(() => undefined));
    const program = addGlobals(new Command('cartlake')).addCommand(sub);
    program.parse(words, { from: 'user' });
    return globalsOf(sub, environment);
}

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
