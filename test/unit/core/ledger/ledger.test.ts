import { describe, expect, it } from 'vitest';
import { ledgerId } from '#core/ledger/entry.ts';
import { createLedger, type Ledger } from '#core/ledger/ledger.ts';
import { anObject, aStagedObject } from '#test/support/builders.ts';
import { createMemoryControl } from '#test/support/fakes/memory-control.ts';

const arrival = { object: anObject(), dataset: 'orders', size: 10, landedAt: '2026-01-01T00:00:00.000Z' };
const id = ledgerId(arrival.object);

function aLedger() {
    const control = createMemoryControl();
    let second = 0;
    const ledger = createLedger(control, () => new Date(Date.UTC(2026, 0, 2, 0, 0, second++)).toISOString());
    return { control, ledger };
}

const stateOf = async (ledger: Ledger) => (await ledger.find(id))?.state;

describe('an object that is new to the ledger', () => {
    it('is received, once, with its first attempt', async () => {
        const { ledger } = aLedger();
        const first = await ledger.receive(arrival);
        const second = await ledger.receive({ ...arrival, size: 99 });

        expect(first).toMatchObject({ created: true, entry: { ...arrival, id, state: 'received', attempt: 1 } });
        expect(second).toEqual({ created: false, entry: first.entry });
        expect(await ledger.find(id)).toEqual(first.entry);
        expect(await ledger.open()).toEqual([id]);
    });

    it('is created by one of many deliveries at once', async () => {
        const { ledger } = aLedger();
        const results = await Promise.all(Array.from({ length: 10 }, () => ledger.receive(arrival)));

        expect(results.filter(({ created }) => created)).toHaveLength(1);
        expect(new Set(results.map(({ entry }) => JSON.stringify(entry))).size).toBe(1);
    });

    it('can be received again after a crash between mark and entry', async () => {
        const { control, ledger } = aLedger();
        control.beforeWrite = (key) => {
            if (key.startsWith('control/ledger')) throw new Error('killed');
        };
        await expect(ledger.receive(arrival)).rejects.toThrow('killed');
        expect(await ledger.find(id)).toBeUndefined();
        expect(await ledger.open()).toEqual([id]);

        control.beforeWrite = () => undefined;
        expect((await ledger.receive(arrival)).created).toBe(true);
        expect(await ledger.open()).toEqual([id]);
    });
});

describe('an object on its way', () => {
    it('goes from received over staged to built and is open until then', async () => {
        const { ledger } = aLedger();
        await ledger.receive(arrival);
        const staged = aStagedObject();

        expect(await ledger.markStaged(id, staged)).toMatchObject({ state: 'staged', staged });
        expect(await ledger.open()).toEqual([id]);
        await ledger.markBuilt([id], 'build-1-1');
        expect(await ledger.find(id)).toMatchObject({
            state: 'built',
            run: 'build-1-1',
            staged: { dates: staged.dates, rows: staged.rows, files: staged.files },
        });
        expect(await ledger.open()).toEqual([]);
    });

    it('notes when it changed', async () => {
        const { ledger } = aLedger();
        const { entry } = await ledger.receive(arrival);
        const later = await ledger.markStaged(id, aStagedObject());

        expect(later.updatedAt > entry.updatedAt).toBe(true);
        expect(later.receivedAt).toBe(entry.receivedAt);
    });

    it('can be staged twice and built twice without a change', async () => {
        const { control, ledger } = aLedger();
        await ledger.receive(arrival);
        await ledger.markStaged(id, aStagedObject());
        const before = control.writes.length;
        await ledger.markStaged(id, aStagedObject({ '2026-05-05': 9 }));
        expect(control.writes.length).toBe(before);

        await ledger.markBuilt([id], 'build-1-1');
        await ledger.markBuilt([id], 'build-2-1');
        expect(await ledger.find(id)).toMatchObject({ run: 'build-1-1', staged: { dates: { '2026-01-01': 2 } } });
    });

    it('is not built before it is staged', async () => {
        const { ledger } = aLedger();
        await ledger.receive(arrival);
        await ledger.markBuilt([id], 'build-1-1');

        expect(await stateOf(ledger)).toBe('received');
        expect(await ledger.open()).toEqual([id]);
    });

    it('is built with others that its run used, and counted when it was', async () => {
        const { ledger } = aLedger();
        const ids: string[] = [];
        for (const version of ['a', 'b', 'c']) {
            const { entry } = await ledger.receive({ ...arrival, object: { ...arrival.object, version } });
            ids.push(entry.id);
            await ledger.markStaged(entry.id, aStagedObject());
        }
        await ledger.markRejected(ids[2] as string, 'bad');
        await expect(ledger.markBuilt(ids, 'build-1-1', (entry) => entry.id !== ids[0])).resolves.toBe(1);

        expect(await ledger.open()).toEqual([ids[0]]);
        expect(await ledger.find(ids[1] as string)).toMatchObject({ state: 'built', run: 'build-1-1' });
        expect(await ledger.find(ids[2] as string)).toMatchObject({ state: 'rejected' });
    });

    it('is closed with a reason when it is rejected, from any state', async () => {
        for (const prepare of [async () => undefined, (ledger: Ledger) => ledger.markStaged(id, aStagedObject())]) {
            const { ledger } = aLedger();
            await ledger.receive(arrival);
            await prepare(ledger);

            expect(await ledger.markRejected(id, 'no such column')).toMatchObject({
                state: 'rejected',
                reason: 'no such column',
            });
            expect(await ledger.open()).toEqual([]);
        }
    });

    it('keeps the reason of a failed attempt, but only while it is received', async () => {
        const { ledger } = aLedger();
        await ledger.receive(arrival);
        await ledger.noteFailure(id, 'disk full');
        expect(await ledger.find(id)).toMatchObject({ state: 'received', reason: 'disk full' });

        await ledger.markStaged(id, aStagedObject());
        await ledger.noteFailure(id, 'too late');
        expect((await ledger.find(id))?.reason).toBe('disk full');
    });

    it('must be known', async () => {
        const { ledger } = aLedger();

        for (const work of [
            ledger.reopen('nobody'),
            ledger.markStaged('nobody', aStagedObject()),
            ledger.markRejected('nobody', ''),
            ledger.noteFailure('nobody', ''),
            ledger.markBuilt(['nobody'], ''),
        ]) {
            await expect(work).rejects.toThrow('The ledger has no object nobody. Ingest the file again.');
        }
    });
});

describe('an object that is opened again', () => {
    it.each(['rejected', 'built', 'received'] as const)(
        'from %s counts a new attempt and forgets the reason',
        async (state) => {
            const { ledger } = aLedger();
            await ledger.receive(arrival);
            if (state === 'rejected') await ledger.markRejected(id, 'bad');
            if (state === 'received') await ledger.noteFailure(id, 'bad');
            if (state === 'built') {
                await ledger.markStaged(id, aStagedObject());
                await ledger.markBuilt([id], 'build-1-1');
            }
            const entry = await ledger.reopen(id);

            expect(entry).toMatchObject({ state: 'received', attempt: 2 });
            expect(entry.reason).toBeUndefined();
            expect(await ledger.open()).toEqual([id]);
        },
    );

    it('keeps what the last attempt staged, so that it can be unlisted', async () => {
        const { ledger } = aLedger();
        await ledger.receive(arrival);
        await ledger.markStaged(id, aStagedObject());

        expect((await ledger.reopen(id)).staged).toEqual(aStagedObject());
    });

    it('remembers which replay has it read, until somebody else opens it', async () => {
        const { ledger } = aLedger();
        await ledger.receive(arrival);

        expect(await ledger.reopen(id, undefined, 'replay-a-1')).toMatchObject({ attempt: 2, replay: 'replay-a-1' });
        expect((await ledger.reopen(id)).replay).toBeUndefined();
    });

    it('gets one new attempt from many who saw the same one fail', async () => {
        const { ledger } = aLedger();
        const { entry } = await ledger.receive(arrival);
        const entries = await Promise.all(Array.from({ length: 5 }, () => ledger.reopen(id, entry)));

        expect(entries.map(({ attempt }) => attempt)).toEqual([2, 2, 2, 2, 2]);
        expect((await ledger.find(id))?.attempt).toBe(2);
    });

    it('is left alone when it was staged since somebody looked', async () => {
        const { ledger } = aLedger();
        const { entry } = await ledger.receive(arrival);
        await ledger.markStaged(id, aStagedObject());

        expect(await ledger.reopen(id, entry)).toMatchObject({ state: 'staged', attempt: 1 });
    });

    it('stays open when a build that used its earlier rows ends', async () => {
        const { ledger } = aLedger();
        await ledger.receive(arrival);
        await ledger.markStaged(id, aStagedObject());
        await ledger.reopen(id);
        await ledger.markBuilt([id], 'build-1-1');

        expect(await stateOf(ledger)).toBe('received');
        expect(await ledger.open()).toEqual([id]);
    });

    it('stays open however its opening and the end of a build interleave', async () => {
        const other = { ...arrival, object: { ...arrival.object, version: 'another' } };
        // Holds the second writer at its nth write until the first has finished.
        for (let hold = 1; hold <= 8; hold++) {
            const { control, ledger } = aLedger();
            const ids = [(await ledger.receive(other)).entry.id, (await ledger.receive(arrival)).entry.id];
            for (const each of ids) await ledger.markStaged(each, aStagedObject());
            let writes = 0;
            control.beforeWrite = async () => {
                if (++writes !== hold) return;
                control.beforeWrite = () => undefined;
                await ledger.reopen(id);
            };
            await ledger.markBuilt(ids, 'build-1-1');
            control.beforeWrite = () => undefined;

            const open = (await stateOf(ledger)) === 'received' ? [id] : [];
            expect(await ledger.open(), `hold ${hold}`).toEqual(open);
        }
    });
});

describe('open marks that a crash left behind', () => {
    it('go when their object is finished or was never received', async () => {
        const { control, ledger } = aLedger();
        await control.create('control/open/nobody', {});
        await ledger.receive(arrival);
        await ledger.markRejected(id, 'bad');
        await control.create(`control/open/${id}`, {});
        for (const each of await ledger.open()) await ledger.tidy(each);

        expect(await ledger.open()).toEqual([]);
    });

    it('stay when the object is open after all', async () => {
        const { ledger } = aLedger();
        await ledger.receive(arrival);
        await ledger.tidy(id);

        expect(await ledger.open()).toEqual([id]);
    });

    it('are made again when the object arrives while they are tidied up', async () => {
        const { control, ledger } = aLedger();
        control.beforeWrite = async (key, operation) => {
            if (operation !== 'create' || !key.startsWith('control/ledger')) return;
            control.beforeWrite = () => undefined;
            await ledger.tidy(id);
        };
        await ledger.receive(arrival);

        expect(await ledger.open()).toEqual([id]);
    });
});

it('lists all entries', async () => {
    const { ledger } = aLedger();
    const objects = ['a', 'b', 'c'].map((version) => anObject({ version }));
    for (const object of objects) await ledger.receive({ ...arrival, object });

    const versions: string[] = [];
    for await (const { object } of ledger.all()) versions.push(object.version);
    expect(versions.sort()).toEqual(['a', 'b', 'c']);
});

it('passes on what is no conflict', async () => {
    const { control, ledger } = aLedger();
    control.beforeWrite = () => {
        throw new Error('no disk');
    };

    await expect(ledger.receive(arrival)).rejects.toThrow('no disk');
});
