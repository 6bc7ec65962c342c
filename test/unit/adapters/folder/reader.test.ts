import { existsSync } from 'node:fs';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createFileReader } from '#adapters/folder/reader.ts';
import { ContractError } from '#core/errors.ts';
import { temporaryFolder } from '#test/support/temporary.ts';

const reader = createFileReader();
const GZIP = { compression: 'gzip', encoding: 'utf-8', blankBytes: 0 } as const;

async function fileOf(bytes: Buffer | string): Promise<string> {
    const path = join(await temporaryFolder(), 'file');
    await writeFile(path, bytes);
    return path;
}

const csv = (rows: number) =>
    `id,name\n${Array.from({ length: rows }, (_, n) => `${n},name ${n * 7919}`).join('\n')}\n`;

async function plainText(bytes: Buffer | string, coding: Parameters<typeof reader.plain>[1], most = 1e9) {
    const path = await reader.plain(await fileOf(bytes), coding, await temporaryFolder(), most);
    return readFile(path, 'utf8');
}

describe('the head of a file', () => {
    it('is its first bytes, or all of a short file', async () => {
        const path = await fileOf('abcdef');

        expect(await reader.head(path, 4)).toEqual({ bytes: Buffer.from('abcd'), compression: 'none' });
        expect((await reader.head(path, 100)).bytes.toString()).toBe('abcdef');
    });

    it('is empty for an empty file, plain or compressed', async () => {
        expect(await reader.head(await fileOf(''), 10)).toEqual({ bytes: Buffer.alloc(0), compression: 'none' });
        expect(await reader.head(await fileOf(gzipSync('')), 10)).toEqual({
            bytes: Buffer.alloc(0),
            compression: 'gzip',
        });
    });

    it('is decompressed, whatever the name says', async () => {
        const head = await reader.head(await fileOf(gzipSync(csv(100_000))), 1000);

        expect(head.compression).toBe('gzip');
        expect(head.bytes.toString()).toBe(csv(1000).slice(0, 1000));
    });

    it('is found in a file that compresses a thousandfold', async () => {
        const path = await fileOf(gzipSync(`id,name\n${'1,same\n'.repeat(20_000_000)}`));
        const head = await reader.head(path, 1 << 20);

        expect(head.bytes.length).toBe(1 << 20);
        expect(head.bytes.toString('utf8', 0, 14)).toBe('id,name\n1,same');
    });

    it('is found in a file whose compressed data ends early, but later', async () => {
        const path = await fileOf(gzipSync(csv(200_000)));
        await truncate(path, 200_000);

        expect((await reader.head(path, 1000)).bytes.toString()).toBe(csv(1000).slice(0, 1000));
    });

    it('is refused when the compressed data ends before it', async () => {
        const path = await fileOf(gzipSync(csv(10_000)));
        await truncate(path, 2000);

        await expect(reader.head(path, 1 << 20)).rejects.toThrow(ContractError);
        await expect(reader.head(path, 1 << 20)).rejects.toThrow('The gzip file ends early');
    });

    it('says when the file is not there', async () => {
        await expect(reader.head('/nowhere', 10)).rejects.toThrow('ENOENT');
    });

    it('goes on into the next member of a gzip file of many', async () => {
        const path = await fileOf(Buffer.concat([gzipSync('id,na'), gzipSync('me\n1,a\n')]));

        expect((await reader.head(path, 100)).bytes.toString()).toBe('id,name\n1,a\n');
    });

    it('is refused when the compressed data is garbage', async () => {
        const garbage = Buffer.concat([gzipSync('x').subarray(0, 10), Buffer.alloc(200, 0xff)]);

        await expect(reader.head(await fileOf(garbage), 100)).rejects.toThrow(ContractError);
        await expect(reader.head(await fileOf(garbage), 100)).rejects.toThrow(
            /The gzip file is corrupt .* Send it again/,
        );
    });
});

describe('the plain copy of a file', () => {
    it('is decompressed', async () => {
        expect(await plainText(gzipSync(csv(5000)), GZIP)).toBe(csv(5000));
    });

    it('holds all members of a gzip file', async () => {
        const bytes = Buffer.concat([gzipSync('a,b\n'), gzipSync('1,2\n'), gzipSync('3,4\n')]);

        expect(await plainText(bytes, GZIP)).toBe('a,b\n1,2\n3,4\n');
    });

    it.each(['utf-16le', 'utf-16be'] as const)('is UTF-8 of %s, without byte order mark', async (encoding) => {
        const text = `id,name\n${'1,Zoë 😀 łódź\n'.repeat(20_000)}`;
        const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
        if (encoding === 'utf-16be') bytes.swap16();

        expect(await plainText(bytes, { ...GZIP, compression: 'none', encoding })).toBe(text);
        expect(await plainText(gzipSync(bytes), { ...GZIP, encoding })).toBe(text);
    });

    it('begins with the heading', async () => {
        const blank = '\n \r\n'.repeat(50_000);
        const blankBytes = blank.length;

        expect(await plainText(`${blank}a,b\n`, { compression: 'none', encoding: 'utf-8', blankBytes })).toBe('a,b\n');
        expect(await plainText(gzipSync(`\ufeff${blank}a,b\n`), { ...GZIP, blankBytes })).toBe('a,b\n');
        const utf16 = Buffer.from(`\ufeff${blank}a,b\n`, 'utf16le');
        expect(await plainText(utf16, { compression: 'none', encoding: 'utf-16le', blankBytes })).toBe('a,b\n');
    });

    it('is refused when the compressed data ends early', async () => {
        const whole = gzipSync(csv(10_000));
        const work = plainText(whole.subarray(0, whole.length - 100), GZIP);

        await expect(work).rejects.toThrow(ContractError);
        await expect(work).rejects.toThrow('The gzip file ends early');
    });

    it('is refused when the compressed data is corrupt', async () => {
        const bytes = gzipSync(csv(10_000));
        bytes.fill(0xff, 5000, 5100);
        const work = plainText(bytes, GZIP);

        await expect(work).rejects.toThrow(ContractError);
        await expect(work).rejects.toThrow(/The gzip file is corrupt \(.*\)\. Send it again/);
    });

    it('is refused when a checksum does not fit', async () => {
        const bytes = gzipSync(csv(100));
        bytes.writeUInt32LE(123, bytes.length - 8);

        await expect(plainText(bytes, GZIP)).rejects.toThrow('incorrect data check');
    });

    it('is refused as soon as it exceeds the limit', async () => {
        const work = plainText(gzipSync(Buffer.alloc(50_000_000, 'x')), GZIP, 2_000_000);

        await expect(work).rejects.toThrow(ContractError);
        await expect(work).rejects.toThrow('The file decompresses to more than 2 MB, the most one file may hold.');
    });

    it('says when the file is not there', async () => {
        await expect(reader.plain('/nowhere', GZIP, await temporaryFolder(), 1)).rejects.toThrow('ENOENT');
    });
});

it('removes files and folders, also those that are not there', async () => {
    const path = await fileOf('x');
    await reader.remove(path);
    await reader.remove(path);

    expect(existsSync(path)).toBe(false);
});
