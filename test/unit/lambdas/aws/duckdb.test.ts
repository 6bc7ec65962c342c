import { describe, expect, it } from 'vitest';
import { duckdbMemory } from '#lambdas/_aws/duckdb.ts';
import { readEnvironment } from '#lambdas/_aws/environment.ts';
import { ENVIRONMENT } from './pipeline-on-s3.ts';

const memory = (set: Readonly<Record<string, string>>) =>
    duckdbMemory(readEnvironment('build', { ...ENVIRONMENT, ...set })) / 1024 / 1024;

describe('the memory of DuckDB in a function', () => {
    it.each([
        ['2048', 1344],
        ['1024', 576],
        ['128', 64],
    ])('of %s MB leaves room for everything else', (size, expected) => {
        expect(memory({ AWS_LAMBDA_FUNCTION_MEMORY_SIZE: size })).toBe(expected);
    });

    it('is what people say it is', () => {
        expect(memory({ CARTLAKE_MEMORY_MB: '700' })).toBe(700);
    });
});
