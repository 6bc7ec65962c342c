import { describe, expect, it } from 'vitest';
import { UsageError } from '#core/errors.ts';
import type { SourceReader, SourceRequest, SourceRows } from '#core/extract/ports.ts';
import { createSourceReaders } from '#lambdas/_aws/sources.ts';

const rows = (hash: string) => ({ hash }) as SourceRows;
const request = {} as SourceRequest;

/** Databases that let only this URL in; the hash of what is read is the URL. */
const connectWith =
    (valid: string, asked: string[] = []) =>
    (url: string): SourceReader => ({
        async read() {
            asked.push(url);
            if (url !== valid) throw new UsageError('check user and password');
            return rows(url);
        },
    });

const secret = (current: string, fresh: string) => ({
    environment: {},
    secretPrefix: 'cartlake/prod/sources/',
    urlIn: (name: string) => ({ current: async () => `${name} ${current}`, fresh: async () => `${name} ${fresh}` }),
});

describe('the databases of a function', () => {
    it('are found in the environment before any secret', async () => {
        const urls = { ...secret('old', 'new'), environment: { CARTLAKE_SOURCE_SHOP_URL: 'postgres://here' } };
        const reader = createSourceReaders(urls, connectWith('postgres://here')).of('shop');

        expect(await reader.read(request)).toEqual(rows('postgres://here'));
    });

    it('are found in the secret of their server, which is read again when it was rotated', async () => {
        const asked: string[] = [];
        const valid = 'cartlake/prod/sources/shop new';
        const reader = createSourceReaders(secret('old', 'new'), connectWith(valid, asked)).of('shop');

        expect(await reader.read(request)).toEqual(rows(valid));
        expect(asked).toEqual(['cartlake/prod/sources/shop old', valid]);
    });

    it('are not asked twice with the same URL, nor after another failure', async () => {
        const asked: string[] = [];
        const same = createSourceReaders(secret('old', 'old'), connectWith('other', asked)).of('shop');
        await expect(same.read(request)).rejects.toThrow('check user and password');
        const broken = createSourceReaders(secret('old', 'new'), () => ({
            read: async () => Promise.reject(new Error('it is stopping')),
        })).of('shop');

        await expect(broken.read(request)).rejects.toThrow('it is stopping');
        expect(asked).toHaveLength(1);
    });

    it('are refused when nobody said where they are', () => {
        const readers = createSourceReaders({ ...secret('', ''), secretPrefix: undefined });

        expect(() => readers.of('shop')).toThrow(UsageError);
        expect(() => readers.of('shop')).toThrow('Set CARTLAKE_SOURCE_SHOP_URL, or deploy with -c sources=shop');
    });
});
