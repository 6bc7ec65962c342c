import { beforeEach, describe, expect, it } from 'vitest';
import { createCatalog } from '#core/catalog/catalog.ts';
import type { TableVersion } from '#core/catalog/version.ts';
import { UsageError } from '#core/errors.ts';
import { catalogAsOf } from '#core/history/as-of.ts';
import { momentOf } from '#core/history/moment.ts';
import { historyOf, versionMeant } from '#core/history/versions.ts';
import { aPart, aVersion } from '#test/support/builders.ts';
import { createMemoryBlobs } from '#test/support/fakes/memory-blobs.ts';
import { createMemoryControl } from '#test/support/fakes/memory-control.ts';

const version = (name: string): TableVersion => aVersion({ run: `build-${name}`, parts: { all: aPart(name) } });
const [first, second, third] = [version('1'), version('2'), version('3')];
const at = (day: number) => `2026-02-0${day}T00:00:00.000Z`;

let blobs = createMemoryBlobs();
let catalog = createCatalog(createMemoryControl(), blobs);

beforeEach(async () => {
    blobs = createMemoryBlobs();
    catalog = createCatalog(createMemoryControl(), blobs);
    for (const [index, each] of [first, second, third].entries()) await catalog.promote(each, at(index + 1));
});

const remove = ({ id }: TableVersion) => blobs.remove([`catalog/m/${id}.json`]);

describe('the history of a table', () => {
    it('says from when to when readers saw each version', async () => {
        const found = await historyOf(catalog, 'm');

        expect(found.map(({ version: id, promotedAt, until }) => [id, promotedAt, until])).toEqual([
            [third.id, at(3), undefined],
            [second.id, at(2), at(3)],
            [first.id, at(1), at(2)],
        ]);
        expect(found[0]).toMatchObject({
            current: true,
            pinned: false,
            kept: true,
            content: third.content,
            bytes: 100,
        });
    });

    it('shows a version a person went back to as pinned, and twice', async () => {
        await catalog.rollback('m', at(4));

        const found = await historyOf(catalog, 'm');
        expect(found.map((entry) => entry.version)).toEqual([second.id, third.id, second.id, first.id]);
        expect(found.map(({ pinned }) => pinned)).toEqual([true, false, false, false]);
    });

    it('says of which versions nothing is kept', async () => {
        await remove(first);

        expect((await historyOf(catalog, 'm')).map(({ kept }) => kept)).toEqual([true, true, false]);
    });

    it('is refused for a table that was never built', async () => {
        await expect(historyOf(catalog, 'x')).rejects.toThrow('The table x was never built.');
    });
});

describe('the version a person means', () => {
    it.each([
        ['current', third],
        ['previous', second],
        [first.id.slice(0, 6), first],
        [at(2), second],
        ['2026-02-01 12:00', first],
    ])('%s', async (text, expected) => {
        expect(await versionMeant(catalog, 'm', text)).toEqual(expected);
    });

    it('is the other one where a person went back and forth', async () => {
        await catalog.rollback('m', at(4));

        expect((await versionMeant(catalog, 'm', 'previous')).id).toBe(third.id);
    });

    it.each(['2026-01-31', 'zzz', ''])('is none or not one: "%s"', async (text) => {
        await expect(versionMeant(catalog, 'm', text)).rejects.toThrow(UsageError);
    });

    it('says what there is where nothing fits, and asks for more where several do', async () => {
        await expect(versionMeant(catalog, 'm', 'zzz')).rejects.toThrow(
            `m has no version "zzz": expected current, previous, a moment such as ${at(3)}`,
        );
        await expect(versionMeant(catalog, 'm', '')).rejects.toThrow('is the beginning of 3 versions of m');
    });

    it('says so when it was removed', async () => {
        await remove(first);

        await expect(versionMeant(catalog, 'm', first.id)).rejects.toThrow('was removed by cartlake vacuum');
    });
});

describe('tables as of a moment', () => {
    it.each([
        [at(1), first],
        ['2026-02-02T23:59:59.999Z', second],
        [at(9), third],
    ])('are what readers saw at %s', async (moment, expected) => {
        const then = catalogAsOf(catalog, moment);

        expect(await then.current('m')).toEqual(expected);
        expect([...then.lost]).toEqual([]);
    });

    it('are not there before they were built, and never for models without a table', async () => {
        const then = catalogAsOf(catalog, '2026-01-01T00:00:00.000Z');

        expect(await then.current('m')).toBeUndefined();
        expect(await then.current('x')).toBeUndefined();
    });

    it('are lost where their version was removed', async () => {
        await remove(second);
        const then = catalogAsOf(catalog, at(2));

        expect(await then.current('m')).toBeUndefined();
        expect([...then.lost]).toEqual(['m']);
    });
});

describe('a moment', () => {
    it.each([
        ['2026-11-20', '2026-11-20T00:00:00.000Z'],
        ['2026-11-20T10:00', '2026-11-20T10:00:00.000Z'],
        ['2026-11-20 10:00:05', '2026-11-20T10:00:05.000Z'],
        ['2026-11-20T10:00:00+02:00', '2026-11-20T08:00:00.000Z'],
    ])('%s is %s', (text, instant) => {
        expect(momentOf(text)).toBe(instant);
    });

    it.each(['2026-13-01', '20261120', '1b2c3d', 'current'])('%s is none', (text) => {
        expect(momentOf(text)).toBeUndefined();
    });
});
