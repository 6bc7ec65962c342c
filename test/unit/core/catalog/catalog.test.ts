import { beforeEach, describe, expect, it } from 'vitest';
import { createCatalog } from '#core/catalog/catalog.ts';
import type { TableVersion } from '#core/catalog/version.ts';
import { ConflictError, UsageError } from '#core/errors.ts';
import { aPart, aVersion } from '#test/support/builders.ts';
import { createMemoryBlobs } from '#test/support/fakes/memory-blobs.ts';
import { createMemoryControl } from '#test/support/fakes/memory-control.ts';

function aCatalog() {
    const control = createMemoryControl();
    const blobs = createMemoryBlobs();
    return { control, blobs, catalog: createCatalog(control, blobs) };
}

const version = (name: string, run = `build-${name}`): TableVersion => aVersion({ run, parts: { all: aPart(name) } });
const [first, second, third] = [version('1'), version('2'), version('3')];
const at = (day: number) => `2026-02-0${day}T00:00:00.000Z`;

let { catalog, control, blobs } = aCatalog();

beforeEach(() => {
    ({ catalog, control, blobs } = aCatalog());
});

describe('promoting', () => {
    it('shows a version to readers and remembers the earlier ones, newest first', async () => {
        expect(await catalog.current('m')).toBeUndefined();
        for (const [index, each] of [first, second, third].entries()) await catalog.promote(each, at(index + 1));

        expect(await catalog.current('m')).toEqual(third);
        expect(await catalog.version('m', first.id)).toEqual(first);
        expect(await catalog.pointer('m')).toEqual({
            model: 'm',
            current: { version: third.id, run: 'build-3', promotedAt: at(3), rows: 1 },
            history: [
                { version: second.id, run: 'build-2', promotedAt: at(2), rows: 1 },
                { version: first.id, run: 'build-1', promotedAt: at(1), rows: 1 },
            ],
            pinned: false,
        });
    });

    it('changes nothing when it is repeated', async () => {
        await catalog.promote(first, at(1));
        const pointer = await catalog.promote(first, at(2));

        expect(pointer).toMatchObject({ current: { promotedAt: at(1) }, history: [] });
    });

    it('is refused late: a version takes only the place of the one it was built beside', async () => {
        const beside = (base: string | null, name: string) =>
            aVersion({ run: `build-${name}`, base, parts: { all: aPart(name) } });
        await catalog.promote(beside(null, '1'), at(1));
        await catalog.promote(beside(first.id, '2'), at(2));
        const late = catalog.promote(beside(first.id, '3'), at(3));

        await expect(late).rejects.toThrow(ConflictError);
        await expect(late).rejects.toThrow(`m moved to version ${second.id} while one was built beside ${first.id}`);
        expect((await catalog.current('m'))?.id).toBe(second.id);
    });

    it('leaves readers where they were when it is killed before the pointer moves', async () => {
        await catalog.promote(first, at(1));
        control.beforeWrite = () => {
            throw new Error('killed');
        };
        await expect(catalog.promote(second, at(2))).rejects.toThrow('killed');

        expect(await catalog.current('m')).toEqual(first);
    });

    it('is kept as a list of limited length', async () => {
        for (let n = 0; n < 110; n++) await catalog.promote(version(`v${n}`), at(1));

        expect((await catalog.pointer('m'))?.history).toHaveLength(100);
    });

    it('of two at once keeps both in the history', async () => {
        await Promise.all([catalog.promote(first, at(1)), catalog.promote(second, at(2))]);
        const pointer = await catalog.pointer('m');

        expect([pointer?.current.version, ...(pointer?.history ?? []).map((each) => each.version)].sort()).toEqual(
            [first.id, second.id].sort(),
        );
    });
});

describe('rolling back', () => {
    beforeEach(async () => {
        for (const [index, each] of [first, second, third].entries()) await catalog.promote(each, at(index + 1));
    });

    it('goes to the version before, and stays there until released', async () => {
        await catalog.rollback('m', at(4));
        expect(await catalog.current('m')).toEqual(second);
        expect(await catalog.pointer('m')).toMatchObject({ pinned: true, current: { promotedAt: at(4) } });

        const next = version('4');
        expect((await catalog.promote(next, at(5))).current.version).toBe(second.id);
        expect(await catalog.current('m')).toEqual(second);

        await catalog.release('m');
        await catalog.promote(next, at(6));
        expect(await catalog.current('m')).toEqual(next);
    });

    it('goes one further each time', async () => {
        await catalog.rollback('m', at(4));
        await catalog.rollback('m', at(5));

        expect(await catalog.current('m')).toEqual(first);
        await expect(catalog.rollback('m', at(6))).rejects.toThrow('m has no earlier version.');
    });

    it('goes to the version before also when builds came back to an older one', async () => {
        await catalog.promote(second, at(4));
        await catalog.rollback('m', at(5));

        expect(await catalog.current('m')).toEqual(third);
    });

    it('goes to a version named by the beginning of its id', async () => {
        await catalog.rollback('m', at(4), first.id.slice(0, 8));

        expect(await catalog.current('m')).toEqual(first);
        await catalog.rollback('m', at(5), third.id);
        expect(await catalog.current('m')).toEqual(third);
    });

    it('refuses a version that is not there, and names those that are', async () => {
        const work = catalog.rollback('m', at(4), 'zzz');

        await expect(work).rejects.toThrow(UsageError);
        await expect(work).rejects.toThrow(
            `m has no earlier version zzz. Versions: ${second.id.slice(0, 8)} (${at(2)}), ${first.id.slice(0, 8)} (${at(1)}).`,
        );
        expect(await catalog.current('m')).toEqual(third);
    });

    it('refuses a version whose description is gone', async () => {
        await blobs.remove([`catalog/m/${second.id}.json`]);

        await expect(catalog.rollback('m', at(4))).rejects.toThrow('m has no earlier version.');
    });

    it('refuses a table that was never built, or only once', async () => {
        await expect(catalog.rollback('other', at(4))).rejects.toThrow('There is no table other to roll back.');
        await catalog.promote({ ...first, model: 'single' }, at(1));
        await expect(catalog.rollback('single', at(2))).rejects.toThrow('Versions: only the current one.');
    });
});

it('releases what is not pinned, or not there, without a change', async () => {
    await catalog.promote(first, at(1));
    const before = control.writes.length;
    await catalog.release('m');
    await catalog.release('nothing');

    expect(control.writes.length).toBe(before);
});
