import { randomBytes } from 'node:crypto';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ARCHIVE_LIMITS, type ArchiveLimits } from '#adapters/archive/limits.ts';
import { createArchiveReader } from '#adapters/archive/reader.ts';
import { identityOfBytes } from '#adapters/blake3/content-identity.ts';
import { ContractError } from '#core/errors.ts';
import type { ArchivePart } from '#core/ingest/ports.ts';
import { packedZeros, rawZip, zipOf } from '#test/support/archives.ts';
import { temporaryFolder } from '#test/support/temporary.ts';

const TEXT = '[{"a":1}]';

/** Everything that comes out of an archive: texts and reasons by name, and the folder it was unpacked in. */
async function unpack(archive: Buffer, limits: Partial<ArchiveLimits> = {}, mostBytes = 1e12) {
    const place = await temporaryFolder();
    const folder = await temporaryFolder();
    const path = join(place, 'landed.zip');
    await writeFile(path, archive);
    const texts: Record<string, string> = {};
    const reasons: Record<string, string> = {};
    const parts = [];
    for await (const part of createArchiveReader(folder, { ...ARCHIVE_LIMITS, ...limits }).unpack(path, mostBytes)) {
        if ('reason' in part) reasons[part.name] = part.reason;
        else {
            texts[part.name] = await readFile(part.path, 'utf8');
            parts.push({ ...part, head: part.head.toString() });
        }
    }
    return { texts, reasons, parts, folder, place };
}

async function bytesIn(folder: string): Promise<number> {
    const sizes = (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size);
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

describe('an archive', () => {
    it('gives its files in their order, with size, beginning and content version', async () => {
        const { parts } = await unpack(await zipOf({ 'b.json': TEXT, 'a.json': '[]' }));

        expect(parts.map(({ name, size, head, version }) => [name, size, head, version])).toEqual([
            ['b.json', 9, TEXT, await identityOfBytes(Buffer.from(TEXT))],
            ['a.json', 2, '[]', await identityOfBytes(Buffer.from('[]'))],
        ]);
    });

    it('is done before one that came later, so that its rows can be staged while the other is unpacked', async () => {
        const [place, reader] = [await temporaryFolder(), createArchiveReader(await temporaryFolder())];
        const day = await zipOf({ 'part-001.json': TEXT, 'part-002.json': TEXT });
        await writeFile(join(place, 'week.zip'), await zipOf({ 'mon.zip': day, 'tue.zip': day, 'wed.zip': day }));
        const ends: string[] = [];
        const unpackAs = async (name: string) => {
            for await (const _ of reader.unpack(join(place, 'week.zip'), 1e12)) ends.push(name);
        };

        await Promise.all([unpackAs('first'), unpackAs('second'), unpackAs('third')]);

        expect(ends).toEqual(['first', 'second', 'third'].flatMap((name) => Array(6).fill(name)));
    });

    it('lets others go on where whoever reads it stops', async () => {
        const [place, reader] = [await temporaryFolder(), createArchiveReader(await temporaryFolder())];
        await writeFile(join(place, 'two.zip'), await zipOf({ 'a.json': TEXT, 'b.json': TEXT }));
        for await (const _ of reader.unpack(join(place, 'two.zip'), 1e12)) break;

        expect(await Array.fromAsync(reader.unpack(join(place, 'two.zip'), 1e12))).toHaveLength(2);
    });

    it('names files of archives inside by their path through them', async () => {
        const day = await zipOf({ 'part-001.json': TEXT, 'deep.zip': await zipOf({ 'x.json': '[1]' }) });

        const { texts } = await unpack(await zipOf({ 'days/2023-10-23.zip': day }));

        expect(texts).toEqual({
            'days/2023-10-23.zip!/part-001.json': TEXT,
            'days/2023-10-23.zip!/deep.zip!/x.json': '[1]',
        });
    });

    it('lets others have a turn before each of its files', async () => {
        const path = join(await temporaryFolder(), 'a.zip');
        await writeFile(path, await zipOf({ 'a.json': TEXT, 'b.json': TEXT, 'c.json': TEXT }));
        let turns = 0;
        const count = () => {
            turns += 1;
            waiting = setImmediate(count);
        };
        let waiting = setImmediate(count);
        const turnsBefore: number[] = [];
        for await (const _ of createArchiveReader(await temporaryFolder()).unpack(path, 1e9)) turnsBefore.push(turns);
        clearImmediate(waiting);

        expect(turnsBefore).toHaveLength(3);
        expect(new Set(turnsBefore).size).toBe(3);
    });

    it('undoes gzip inside', async () => {
        const { texts, parts } = await unpack(await zipOf({ 'part.json.gz': gzipSync(TEXT) }));

        expect(texts).toEqual({ 'part.json.gz': TEXT });
        expect(parts[0]!.version).toBe(await identityOfBytes(Buffer.from(TEXT)));
    });

    it('streams files and gzip files that are too large to be held', async () => {
        const large = Buffer.from(Array.from({ length: 800_000 }, (_, index) => `{"a":${index}}\n`).join(''));
        // Stored and deflated, plain and gzip.
        const { parts, folder } = await unpack(
            await zipOf({
                'large.ndjson': large,
                'large.ndjson.gz': gzipSync(large),
                'stored.gz': gzipSync(large, { level: 0 }),
            }),
        );

        const identity = await identityOfBytes(large);
        expect(parts.map(({ size, version }) => [size, version])).toEqual(
            Array.from({ length: 3 }, () => [large.length, identity]),
        );
        expect(await bytesIn(folder)).toBe(large.length * 3);
    });

    it('reads an archive on disk as it reads one in memory', async () => {
        const noise = randomBytes(70_000_000);
        const inner = rawZip([{ name: 'noise.bin', content: noise, packed: noise, says: { method: 0 } }]);
        const outer = rawZip([{ name: 'inner.zip', content: inner, packed: inner, says: { method: 0 } }]);

        const { parts, folder } = await unpack(outer);

        expect(parts.map(({ name, size }) => [name, size])).toEqual([['inner.zip!/noise.bin', 70_000_000]]);
        // The inner archive is gone.
        expect(await readdir(folder)).toHaveLength(1);
    });

    it('leaves out folders and what macOS adds', async () => {
        const { texts } = await unpack(
            await zipOf({
                'a.json': TEXT,
                '__MACOSX/._a.json': 'x',
                'days/.DS_Store': 'x',
                'days/._b.json': 'x',
                'days/__MACOSX/c': 'x',
                '.DS_Store': 'x',
            }),
        );

        expect(Object.keys(texts)).toEqual(['a.json']);
    });

    it('tells apart two files of one name', async () => {
        const entry = (text: string) => ({ name: 'a.json', content: Buffer.from(text) });

        expect((await unpack(rawZip([entry('[1]'), entry('[2]')]))).texts).toEqual({
            'a.json': '[1]',
            'a.json#2': '[2]',
        });
    });

    it('shows control characters and endless names as what they are', async () => {
        const { texts } = await unpack(await zipOf({ 'a\u001b[31m\n.json': TEXT, [`${'x'.repeat(600)}.json`]: TEXT }));

        expect(Object.keys(texts)).toEqual(['a\ufffd[31m\ufffd.json', `${'x'.repeat(500)}...`]);
    });

    it('is recognised by its first bytes', async () => {
        const { isArchive } = createArchiveReader('unused');

        expect(isArchive(await zipOf({ a: 'x' }))).toBe(true);
        expect(isArchive(await zipOf({}))).toBe(true);
        expect(isArchive(Buffer.from('[{"a":1}]'))).toBe(false);
        expect(isArchive(Buffer.alloc(0))).toBe(false);
    });

    it('is listed without being unpacked', async () => {
        const path = join(await temporaryFolder(), 'a.zip');
        await writeFile(path, await zipOf({ 'a.json': TEXT, 'b/c.json': TEXT }));
        const { list } = createArchiveReader('unused');
        expect(await list(path)).toBe(2);

        await writeFile(path, await zipOf({}));
        await expect(list(path)).rejects.toThrow('The zip archive holds no files. Make it again.');
    });
});

describe('a bad file in an archive is left out with its reason, the others are read:', () => {
    const good = { name: 'good.json', content: Buffer.from(TEXT) };
    const bad = (entry: object) =>
        rawZip([good, { ...good, name: 'bad.json', ...entry }, { ...good, name: 'last.json' }]);

    it.each([
        ['../../etc/cron.d/x', 'a name that leads out'],
        ['/etc/passwd', 'an absolute name'],
        ['C:/windows/x', 'a drive'],
        ['..\\..\\x', 'backslashes that lead out'],
    ])('%j, %s', async (name) => {
        const { texts, reasons, folder, place } = await unpack(bad({ name }));

        expect(Object.keys(texts)).toEqual(['good.json', 'last.json']);
        expect(Object.values(reasons)).toEqual([
            'its name leads out of the archive; expected a name relative to it. Make the archive again from inside its folder',
        ]);
        expect((await readdir(folder)).sort()).toEqual(['1.part', '2.part']);
        expect(await readdir(place)).toEqual(['landed.zip']);
    });

    it.each([
        ['encrypted', { says: { flags: 1 } }, 'it is encrypted; send it without a password'],
        [
            'compressed by a method nobody reads',
            { says: { method: 14 } },
            'it is compressed by method 14; expected deflate (the usual one) or none',
        ],
        [
            'of fewer bytes than it says',
            { says: { size: 4_000 } },
            'its header is false: it says 4000 bytes, there are 9',
        ],
        ['of more bytes than it says', { says: { size: 3 } }, 'its header is false: it says 3 bytes, there are more'],
        [
            'of another checksum',
            { says: { crc32: 1 } },
            'it is damaged: its bytes do not have the checksum of its header',
        ],
        ['no deflate stream', { packed: Buffer.from('not deflated') }, /^it is damaged \(/],
        [
            'a gzip file that ends early',
            { content: gzipSync(TEXT).subarray(0, 15) },
            'the gzip file in the archive ends early; make it again',
        ],
        [
            'a damaged gzip file',
            { content: Buffer.concat([gzipSync(TEXT).subarray(0, 12), Buffer.from('xxxxxxxxxxxx')]) },
            /^the gzip file in the archive is damaged \(/,
        ],
        [
            'an archive that is cut off',
            { content: rawZip([good]).subarray(0, 60) },
            /^The zip archive is cut off or damaged \(.*\)\. Expected its directory at its end\. Send it again\.$/,
        ],
        [
            'a spreadsheet',
            { content: rawZip([{ name: '[Content_Types].xml', content: Buffer.from('<x/>') }]) },
            'It is a spreadsheet or a document (a zip archive of XML). Export it as CSV.',
        ],
    ])('%s', async (_what, entry, reason) => {
        const { texts, reasons } = await unpack(bad(entry));

        expect(Object.keys(texts)).toEqual(['good.json', 'last.json']);
        expect(Object.keys(reasons)).toEqual(['bad.json']);
        expect(reasons['bad.json']).toEqual(typeof reason === 'string' ? reason : expect.stringMatching(reason));
    });

    it('one whose own header is not where the directory says', async () => {
        const archive = rawZip([{ ...good, name: 'bad.json' }, good]);
        // The directory's offset of the first file, 42 bytes into its first record.
        const directory = archive.readUInt32LE(archive.length - 6);
        archive.writeUInt32LE(7, directory + 42);

        expect((await unpack(archive)).reasons['bad.json']).toBe(
            'its header is false: its data do not stand where the directory of the archive says. Make the archive again',
        );
    });

    it('one larger than a file may be', async () => {
        const { reasons } = await unpack(bad({ content: Buffer.alloc(3_000_000, 'ab') }), { partBytes: 2e6 });

        expect(reasons['bad.json']).toBe('it inflates to 3 MB, more than the 2 MB one file may hold');
    });

    it('one that is an archive too deep', async () => {
        const deep = await zipOf({
            'c.zip': await zipOf({ 'd.zip': await zipOf({ 'e.json': TEXT }) }),
            'x.json': TEXT,
        });

        const { texts, reasons } = await unpack(await zipOf({ 'b.zip': deep }), { depth: 3 });

        expect(texts).toEqual({ 'b.zip!/x.json': TEXT });
        expect(reasons).toEqual({ 'b.zip!/c.zip!/d.zip': 'it is an archive inside 3 others; at most 3 are opened' });
    });
});

describe('a bomb is refused in seconds, on little disk:', () => {
    it('ten gigabytes of zeros in ten megabytes', async () => {
        const { packed, size } = packedZeros(10);
        const zeros = { name: 'zeros.json', content: Buffer.alloc(0), packed };
        expect(packed.length).toBeLessThan(11e6);
        expect(size).toBe(10e9);

        const honest = await unpack(rawZip([{ ...zeros, says: { size } }]));
        expect(honest.reasons['zeros.json']).toMatch(
            /^it inflates to \d+ times its size, as zip bombs do; at most 250 times/,
        );
        expect(await bytesIn(honest.folder)).toBe(0);

        // Held in memory, and streamed to disk.
        for (const says of [1_000_000, 100_000_000]) {
            const liar = await unpack(rawZip([{ ...zeros, says: { size: says } }]));
            expect(liar.reasons['zeros.json']).toBe(`its header is false: it says ${says} bytes, there are more`);
            expect(await bytesIn(liar.folder)).toBe(0);
        }
    });

    it('gigabytes of zeros in gzip', async () => {
        const gzip = gzipSync(Buffer.alloc(300_000_000), { level: 9 });

        const { reasons, folder } = await unpack(await zipOf({ 'zeros.json.gz': gzip }));

        expect(reasons['zeros.json.gz']).toMatch(/^it decompresses to more than \d+ bytes, as gzip bombs do$/);
        expect(await bytesIn(folder)).toBe(0);
    });

    it('archives of archives of archives', async () => {
        let bomb = await zipOf({ 'zeros.json': Buffer.alloc(15_000_000) });
        for (let level = 0; level < 5; level++) {
            bomb = rawZip(Array.from({ length: 16 }, (_, index) => ({ name: `${index}.zip`, content: bomb })));
        }

        for (const depth of [4, 99])
            await expect(unpack(bomb, { depth })).rejects.toThrow(
                /^The archive inflates to more than [\d.,]+ MB, the most/,
            );
    });

    it('an archive that holds itself', async () => {
        // Each level is the one before, stored, as a quine would unfold.
        let quine = await zipOf({ 'a.json': TEXT });
        for (let level = 0; level < 9; level++) {
            quine = rawZip([{ name: 'again.zip', content: quine, packed: quine, says: { method: 0 } }]);
        }

        expect(Object.values((await unpack(quine)).reasons)).toEqual([
            'it is an archive inside 4 others; at most 4 are opened',
        ]);
    });

    it('many files that share their data', async () => {
        const first = { name: '0.json', content: Buffer.alloc(1_000_000) };
        const bomb = rawZip([
            first,
            ...Array.from({ length: 99 }, (_, i) => ({ ...first, name: `${i + 1}.json`, sharesData: true })),
        ]);

        await expect(unpack(bomb)).rejects.toThrow('Files of the archive overlap, as they do in a zip bomb.');
    });

    it('more files than an archive may hold, on one level or on all', async () => {
        const files = (count: number) =>
            zipOf(Object.fromEntries(Array.from({ length: count }, (_, index) => [`${index}.json`, TEXT])));

        await expect(unpack(await files(11), { entries: 10 })).rejects.toThrow(
            'The archive holds more than 10 files, the most one archive may hold. Split it.',
        );
        const nested = await zipOf({ 'a.zip': await files(6), 'b.zip': await files(6) });
        await expect(unpack(nested, { entries: 10 })).rejects.toThrow(
            'The archive holds more than 10 files, counting those of archives in it. Split it.',
        );
    });

    it('more bytes than there is room for', async () => {
        const archive = await zipOf({ 'a.json': Buffer.alloc(2e6, 'ab'), 'b.json': Buffer.alloc(2e6, 'cd') });

        await expect(unpack(archive, {}, 3e6)).rejects.toThrow(
            /^The archive inflates to more than 3 MB, the most for one of its size/,
        );
        await expect(unpack(archive, {}, 3e6)).rejects.toBeInstanceOf(ContractError);
    });
});

describe('an archive as a whole is refused', () => {
    it('when it is cut off', async () => {
        const whole = await zipOf({ 'a.json': TEXT, 'b.json': TEXT });
        for (const bytes of [whole.length - 1, 100, 30, 5]) {
            await expect(unpack(whole.subarray(0, bytes))).rejects.toThrow(/^The zip archive is cut off or damaged \(/);
        }
    });

    it('when it is a spreadsheet', async () => {
        const sheet = await zipOf({ '[Content_Types].xml': '<x/>', 'xl/workbook.xml': '<x/>' });

        await expect(unpack(sheet)).rejects.toThrow(
            'It is a spreadsheet or a document (a zip archive of XML). Export it as CSV.',
        );
    });
});

describe('files of parts', () => {
    const readerOf = async (...archives: Buffer[]) => {
        const [place, folder] = [await temporaryFolder(), join(await temporaryFolder(), 'parts')];
        const reader = createArchiveReader(folder);
        const paths = archives.map((_, index) => join(place, `${index}.zip`));
        for (const [index, path] of paths.entries()) await writeFile(path, archives[index] as Buffer);
        const partsOf = async (index: number) =>
            (await Array.fromAsync(reader.unpack(paths[index] as string, 1e9))) as ArchivePart[];
        const textsOf = (parts: ArchivePart[]) => Promise.all(parts.map(({ path }) => readFile(path, 'utf8')));
        return { folder, reader, partsOf, textsOf };
    };
    const long = `[{"a":"${'x'.repeat(5_000)}"}]`;

    it('that are given back are written again, whether the next part is shorter or longer', async () => {
        const first = await zipOf({ 'a.json': TEXT, 'b.json': long });
        const { folder, reader, partsOf, textsOf } = await readerOf(
            first,
            await zipOf({ 'c.json': '[2]', 'd.json': long }),
        );
        reader.takeBack(await partsOf(0));

        const parts = await partsOf(1);

        expect(await textsOf(parts)).toEqual(['[2]', long]);
        expect(await readdir(folder)).toEqual(['1.part', '2.part']);
    });

    it('that are not given back stay as they are', async () => {
        const { partsOf, textsOf } = await readerOf(await zipOf({ 'a.json': TEXT }), await zipOf({ 'a.json': long }));

        const [first, second] = [await partsOf(0), await partsOf(1)];

        expect(await textsOf([...first, ...second])).toEqual([TEXT, long]);
    });

    it('are kept for the next ones up to 64 MB, then go', async () => {
        const content = randomBytes(8_000_000);
        const files = [...'abcdefghi'].map((name) => ({ name, content }));
        const { folder, reader, partsOf } = await readerOf(rawZip(files));

        reader.takeBack(await partsOf(0));

        expect(await bytesIn(folder)).toBe(64_000_000);
    });

    it('are made anew when somebody removed them', async () => {
        const { folder, reader, partsOf, textsOf } = await readerOf(await zipOf({ 'a.json': TEXT }));
        reader.takeBack(await partsOf(0));
        await rm(folder, { recursive: true });

        expect(await textsOf(await partsOf(0))).toEqual([TEXT]);
    });

    it('do not stay when they could not be written', async () => {
        const { folder, reader, partsOf } = await readerOf(await zipOf({ 'a.json': TEXT }));
        reader.takeBack(await partsOf(0));
        await rm(join(folder, '1.part'));

        await expect(partsOf(0)).rejects.toThrow('ENOENT');
        expect((await partsOf(0)).map(({ path }) => path)).toEqual([join(folder, '2.part')]);
    });

    it('all go in the end', async () => {
        const { folder, reader, partsOf } = await readerOf(await zipOf({ 'a.json': TEXT, 'b.json': TEXT }));
        reader.takeBack((await partsOf(0)).slice(1));

        reader.close();

        await expect(readdir(folder)).rejects.toThrow('ENOENT');
    });
});
