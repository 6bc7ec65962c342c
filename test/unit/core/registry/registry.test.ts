import { describe, expect, it } from 'vitest';
import { objectsOf, register, unregister } from '#core/registry/registry.ts';
import { aStagedObject } from '#test/support/builders.ts';
import { createMemoryControl, type MemoryControl } from '#test/support/fakes/memory-control.ts';

const object = (id: string) => ({ id, key: `landing/orders/${id}.csv`, landedAt: '2026-01-01T00:00:00.000Z' });
const overMonths = aStagedObject({ '2025-12-31': 1, '2026-01-01': 2, '2026-02-01': 3 });
const inJanuary = aStagedObject({ '2026-01-05': 4 }, { contractFingerprint: 'another' });
const undated = aStagedObject({}, { rows: { read: 5, accepted: 5, rejected: 0 }, files: ['staging/p'] });

const idsOf = async (control: MemoryControl) => (await objectsOf(control, 'orders')).map(({ id }) => id);

/** Kills the process before its nth write from now on. */
function killAt(control: MemoryControl, nth: number): void {
    let writes = 0;
    control.beforeWrite = () => {
        if (++writes >= nth) throw new Error('killed');
    };
}

describe('a registered object', () => {
    it('is seen once, however many months its rows cover', async () => {
        const control = createMemoryControl();
        await register(control, 'orders', object('a'), overMonths, undefined);
        const [found, ...others] = await objectsOf(control, 'orders');

        expect(others).toEqual([]);
        expect(found).toEqual({
            ...object('a'),
            contractFingerprint: overMonths.contractFingerprint,
            files: overMonths.files,
            dates: overMonths.dates,
            rows: 6,
            newest: '2026-02-01T12:00:00.000Z',
            shards: ['2025-12', '2026-01', '2026-02'],
        });
    });

    it('touches only the months it covers', async () => {
        const control = createMemoryControl();
        await register(control, 'orders', object('a'), overMonths, undefined);
        control.writes.length = 0;
        await register(control, 'orders', object('b'), inJanuary, undefined);

        expect(control.writes).toEqual(['replace control/registry/orders/2026-01']);
    });

    it('stands in one document when it has no dates', async () => {
        const control = createMemoryControl();
        await register(control, 'orders', object('a'), undated, undefined);

        expect(await control.list('control/registry')).toEqual(['control/registry/orders/all']);
        expect(await idsOf(control)).toEqual(['a']);
    });

    it('is listed even when none of its rows were accepted, so that another contract can read it again', async () => {
        const control = createMemoryControl();
        await register(control, 'orders', object('a'), aStagedObject({}), undefined);

        expect(await objectsOf(control, 'orders')).toMatchObject([{ id: 'a', rows: 0, files: [] }]);
    });

    it('is listed by id, not by arrival, and apart from other datasets', async () => {
        const control = createMemoryControl();
        for (const id of ['c', 'a', 'b']) await register(control, 'orders', object(id), overMonths, undefined);
        await register(control, 'orders_old', object('z'), overMonths, undefined);

        expect(await idsOf(control)).toEqual(['a', 'b', 'c']);
        expect(await objectsOf(control, 'nothing')).toEqual([]);
    });

    it('changes nothing when it is registered again', async () => {
        const control = createMemoryControl();
        await register(control, 'orders', object('a'), overMonths, undefined);
        control.writes.length = 0;
        await register(control, 'orders', object('a'), overMonths, overMonths);

        expect(control.writes).toEqual([]);
    });

    it('is gone when it is taken out', async () => {
        const control = createMemoryControl();
        await register(control, 'orders', object('a'), overMonths, undefined);
        await register(control, 'orders', object('b'), overMonths, undefined);
        await unregister(control, 'orders', 'a', overMonths);
        await unregister(control, 'orders', 'a', overMonths);

        expect(await idsOf(control)).toEqual(['b']);
    });

    it('loses nothing when many are registered at once', async () => {
        const control = createMemoryControl();
        const ids = Array.from({ length: 20 }, (_, n) => `o${String(n).padStart(2, '0')}`);
        await Promise.all(ids.map((id) => register(control, 'orders', object(id), overMonths, undefined)));

        expect(await idsOf(control)).toEqual(ids);
    });
});

describe('registering under another contract', () => {
    it.each([
        ['fewer months', overMonths, inJanuary],
        ['more months', inJanuary, overMonths],
        ['a date column that was not there', undated, overMonths],
        ['no date column any more', overMonths, undated],
        ['no accepted rows any more', overMonths, aStagedObject({})],
        ['accepted rows at last', aStagedObject({}), inJanuary],
    ])('replaces what was listed: %s', async (_, before, after) => {
        const control = createMemoryControl();
        await register(control, 'orders', object('a'), before, undefined);
        await register(control, 'orders', object('a'), after, before);

        expect(await objectsOf(control, 'orders')).toMatchObject([
            { id: 'a', dates: after.dates, contractFingerprint: after.contractFingerprint },
        ]);
        await unregister(control, 'orders', 'a', after);
        expect(await objectsOf(control, 'orders')).toEqual([]);
    });
});

describe('a crash while registering', () => {
    it('leaves a new object invisible until it is registered whole', async () => {
        for (const nth of [1, 2, 3]) {
            const control = createMemoryControl();
            killAt(control, nth);
            await expect(register(control, 'orders', object('a'), overMonths, undefined)).rejects.toThrow('killed');
            expect(await idsOf(control), `killed at ${nth}`).toEqual([]);

            control.beforeWrite = () => undefined;
            await register(control, 'orders', object('a'), overMonths, undefined);
            expect(await idsOf(control)).toEqual(['a']);
        }
    });

    it.each([
        [overMonths, inJanuary],
        [inJanuary, overMonths],
        [undated, overMonths],
        [aStagedObject({ '2026-02-01': 1, '2026-03-01': 1 }), aStagedObject({ '2026-01-01': 1, '2026-02-02': 1 })],
    ])('shows an object whole as it was, whole as it will be, or not at all', async (before, after) => {
        const control = createMemoryControl();
        for (let nth = 1; ; nth++) {
            control.beforeWrite = () => undefined;
            await register(control, 'orders', object('a'), before, after);
            killAt(control, nth);
            const isDone = await register(control, 'orders', object('a'), after, before).then(
                () => true,
                () => false,
            );
            const seen = await objectsOf(control, 'orders');
            for (const { dates } of seen) expect([before.dates, after.dates]).toContainEqual(dates);
            expect(seen.length).toBeLessThanOrEqual(1);
            if (isDone) {
                expect(seen).toMatchObject([{ dates: after.dates }]);
                return;
            }
        }
    });
});
