import { beforeEach, describe, expect, it } from 'vitest';
import { createLedger } from '#core/ledger/ledger.ts';
import { totalsOf } from '#core/ledger/totals.ts';
import type { ControlStore } from '#core/store/ports.ts';
import { anObject, aStagedObject } from '#test/support/builders.ts';
import { createMemoryControl } from '#test/support/fakes/memory-control.ts';

const landedAt = '2026-01-01T00:00:00.000Z';

function aLedger() {
    const control = createMemoryControl();
    let second = 0;
    const ledger = createLedger(control, () => new Date(Date.UTC(2026, 0, 1, 0, 0, second++)).toISOString());
    const arrive = async (version: string, key = `landing/orders/${version}.csv`) => {
        const object = anObject({ key, version });
        return (await ledger.receive({ object, dataset: 'orders', size: 10, landedAt })).entry.id;
    };
    const build = async (id: string) => {
        await ledger.markStaged(id, aStagedObject());
        await ledger.markBuilt([id], 'build-1-1');
    };
    const exact = async () => totalsOf(await Array.fromAsync(ledger.all()));
    return { control, ledger, arrive, build, exact };
}

let lake: ReturnType<typeof aLedger>;

beforeEach(() => {
    lake = aLedger();
});

describe('the totals of a ledger', () => {
    it('are those of its entries, before a fold, after it and with objects opened again', async () => {
        const { ledger, arrive, build, exact } = lake;
        const ids = [await arrive('a'), await arrive('b'), await arrive('c'), await arrive('d')];
        await build(ids[0] as string);
        await ledger.markRejected(ids[1] as string, 'It is empty.');
        await ledger.markStaged(ids[2] as string, aStagedObject());
        expect(await ledger.totals()).toEqual(await exact());

        await ledger.fold();
        expect(await ledger.totals()).toEqual(await exact());
        await ledger.reopen(ids[0] as string);
        expect(await ledger.totals()).toEqual(await exact());
        await ledger.markRejected(ids[0] as string, 'Not any more.');
        expect((await ledger.totals()).orders).toMatchObject({ byState: { built: 0, rejected: 2, staged: 1 } });
        await ledger.fold();
        await ledger.fold();
        expect((await ledger.totals()).orders).toMatchObject({ objects: 4, rows: { read: 2 } });
    });

    it('stay exact when a fold dies at any of its writes', async () => {
        for (let writes = 0; writes < 12; writes++) {
            const { control, ledger, arrive, build, exact } = aLedger();
            for (const version of ['a', 'b']) await build(await arrive(version));
            let left = writes;
            control.beforeWrite = () => {
                if (left-- === 0) throw new Error('killed');
            };
            await ledger.fold().catch(() => undefined);
            control.beforeWrite = () => undefined;

            expect(await ledger.totals(), `before the next fold, ${writes} writes`).toEqual(await exact());
            await ledger.fold();
            expect(await ledger.totals(), `after the next fold, ${writes} writes`).toEqual(await exact());
        }
    });

    it('stay exact when closing several objects dies at any of its writes, and a sweep ends it', async () => {
        for (let writes = 0; writes < 20; writes++) {
            const { control, ledger, arrive, exact } = aLedger();
            const ids = [await arrive('a'), await arrive('b'), await arrive('c')];
            for (const id of ids) await ledger.markStaged(id, aStagedObject());
            if (writes % 2 === 0) await ledger.fold();
            let left = writes;
            control.beforeWrite = () => {
                if (left-- === 0) throw new Error('killed');
            };
            await ledger.markBuilt(ids, 'build-1-1').catch(() => undefined);
            await ledger.fold().catch(() => undefined);
            control.beforeWrite = () => undefined;
            expect(await ledger.totals(), `after ${writes} writes`).toEqual(await exact());

            for (const { id, state } of await Array.fromAsync(ledger.all()))
                if (state === 'built') await ledger.tidy(id);
            await ledger.fold();
            expect(await ledger.totals(), `swept after ${writes} writes`).toEqual(await exact());
            await ledger.markBuilt(ids, 'build-2-1');
            await ledger.fold();
            expect(await ledger.open()).toEqual([]);
            expect((await ledger.totals()).orders).toMatchObject({ byState: { built: 3 }, rows: { read: 6 } });
        }
    });

    it('take in objects that were closed together by few documents', async () => {
        const { control, ledger, arrive, exact } = lake;
        await ledger.fold();
        const ids: string[] = [];
        for (let n = 0; n < 230; n++) ids.push(await arrive(`v${n}`));
        for (const id of ids) await ledger.markStaged(id, aStagedObject());

        expect(await ledger.markBuilt(ids, 'build-1-1')).toBe(230);
        expect(await control.list('control/closed/objects')).toHaveLength(2);
        expect(await ledger.totals()).toEqual(await exact());
        await ledger.reopen(ids[0] as string);
        await ledger.fold();
        expect(await control.list('control/closed/objects')).toEqual([]);
        expect(await ledger.totals()).toEqual(await exact());
        expect((await ledger.totals()).orders?.byState).toEqual({ received: 1, staged: 0, built: 229, rejected: 0 });
    });

    it('read no entry that was folded', async () => {
        const { control, ledger, arrive, build } = lake;
        for (let n = 0; n < 30; n++) await build(await arrive(`v${n}`));
        await ledger.fold();
        const read: string[] = [];
        const reading: ControlStore['read'] = (key) => {
            read.push(key);
            return control.read(key);
        };
        const counted = createLedger({ ...control, read: reading }, () => landedAt);

        expect((await counted.totals()).orders?.objects).toBe(30);
        expect(read).toEqual(['control/closed/summary']);
    });
});

describe('rejected objects', () => {
    it('are listed until their file name comes again and is accepted', async () => {
        const { ledger, arrive, build } = lake;
        const bad = await arrive('v1', 'landing/orders/o.csv');
        const other = await arrive('v2', 'landing/orders/p.csv');
        for (const id of [bad, other]) await ledger.markRejected(id, 'It is empty.');
        expect((await ledger.rejected()).map(({ id }) => id).sort()).toEqual([bad, other].sort());

        await build(await arrive('v3', 'landing/orders/o.csv'));
        expect((await ledger.rejected()).map(({ id }) => id)).toEqual([other]);
    });

    it('are not listed while they are read again, nor once they were accepted', async () => {
        const { ledger, arrive, build } = lake;
        const id = await arrive('v1');
        await ledger.markRejected(id, 'It is empty.');
        await ledger.reopen(id);
        expect(await ledger.rejected()).toEqual([]);
        await build(id);
        expect(await ledger.rejected()).toEqual([]);
        expect(await ledger.unfinished()).toEqual([]);
    });
});
