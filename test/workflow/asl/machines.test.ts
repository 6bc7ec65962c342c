import { existsSync, globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadMachine } from '#embedded/asl/load.ts';

// The package ships no types.
const validate = createRequire(import.meta.url)('asl-validator') as (definition: unknown) => {
    isValid: boolean;
    errors: unknown[];
};

const files = existsSync('statemachines') ? globSync('statemachines/*.asl.json') : [];

/** Every `${Name}` of a definition, with an ARN where the interpreter must see a function's. */
function placeholdersOf(text: string): Record<string, string> {
    const names = [...text.matchAll(/\$\{(\w+)\}/g)].map((match) => match[1] as string);
    return Object.fromEntries(names.map((name) => [name, `arn:aws:lambda:local:000000000000:function:${name}`]));
}

describe.each(files)('%s', (file) => {
    const text = readFileSync(file, 'utf8');
    const placeholders = placeholdersOf(text);
    const integrations = [...text.matchAll(/arn:aws:states:::(?!lambda:)[\w:.-]+/g)].map((match) => match[0]);

    it('is the States Language by the words of the validator', () => {
        const filled = text.replace(/\$\{(\w+)\}/g, (_, name: string) => placeholders[name] as string);

        expect(validate(JSON.parse(filled)).errors).toEqual([]);
    });

    it('can be run in process', () => {
        const machine = loadMachine(text, { name: basename(file, '.asl.json'), placeholders, integrations });

        expect(machine.resources).not.toEqual([]);
    });
});

describe('machines without a file', () => {
    it('are agreed upon by validator and interpreter', () => {
        const definition = {
            StartAt: 'A',
            States: {
                A: { Type: 'Choice', Choices: [{ Variable: '$.a', IsPresent: true, Next: 'B' }] },
                B: { Type: 'Succeed' },
            },
        };
        const broken = { ...definition, StartAt: 'Z' };

        expect(validate(definition).isValid).toBe(true);
        expect(loadMachine(JSON.stringify(definition), { name: 'm' }).resources).toEqual([]);
        expect(validate(broken).isValid).toBe(false);
        expect(() => loadMachine(JSON.stringify(broken), { name: 'm' })).toThrow("there is no state 'Z'");
    });
});
