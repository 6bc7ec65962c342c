import { describe, expect, it } from 'vitest';
import { isGathering } from '#core/build/gather.ts';
import { createLedger } from '#core/ledger/ledger.ts';
import { aStagedObject } from '#test/support/builders.ts';
import { createMemoryControl } from '#test/support/fakes/memory-control.ts';

const START = '2026-06-01T00:00:00.000Z';

/** A ledger of a minute after the start of a build. */
function aLedger() {
    const now = () => '2026-06-01T00:01:00.000Z';
    const ledger = createLedger(createMemoryControl(), now);
    const receive = async (name: string) => {
        const object = { bucket: 'lake', key: `landing/events/${name}.csv`, version: '1' };
        return (await ledger.receive({ object, dataset: 'events', size: 1, landedAt: now() })).entry.id;
    };
    return { receive, ledger, gathering: (gatherMs?: number) => isGathering({ ledger, now, gatherMs }, START) };
}

describe('a build that begins', () => {
    it('waits for a file that is being ingested', async () => {
        const { receive, gathering } = aLedger();
        await receive('first');

        expect(await gathering(120_000)).toBe(true);
    });

    it('finds that file among many that are staged', async () => {
        const { receive, ledger, gathering } = aLedger();
        for (let n = 0; n < 70; n++) await ledger.markStaged(await receive(`file-${n}`), aStagedObject({}));
        expect(await gathering(120_000)).toBe(false);
        await receive('late');

        expect(await gathering(120_000)).toBe(true);
    });

    it('waits no longer than it was told', async () => {
        const { receive, gathering } = aLedger();
        await receive('large');

        expect(await gathering(60_000)).toBe(false);
        expect(await gathering(60_001)).toBe(true);
    });

    it('does not wait for a file whose last attempt failed, nor for one that was rejected', async () => {
        const { receive, ledger, gathering } = aLedger();
        await ledger.noteFailure(await receive('failed'), 'the disk is full');
        await ledger.markRejected(await receive('bad'), 'no such column');

        expect(await gathering(120_000)).toBe(false);
    });

    it('waits again for a file that is tried again', async () => {
        const { receive, ledger, gathering } = aLedger();
        const id = await receive('failed');
        await ledger.noteFailure(id, 'the disk is full');
        await ledger.reopen(id);

        expect(await gathering(120_000)).toBe(true);
    });

    it('never waits where nobody said how long', async () => {
        const { receive, gathering } = aLedger();
        await receive('first');

        expect(await gathering()).toBe(false);
    });
});
