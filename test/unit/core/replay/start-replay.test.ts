import { describe, expect, it } from 'vitest';
import { createLedger } from '#core/ledger/ledger.ts';
import { readBy, startReplay } from '#core/replay/start-replay.ts';
import { aContract, anEntry, contractsOf } from '#test/support/builders.ts';
import { createFakeExecutions } from '#test/support/fakes/executions.ts';
import { createMemoryBlobs } from '#test/support/fakes/memory-blobs.ts';
import { createMemoryControl } from '#test/support/fakes/memory-control.ts';

function aLake() {
    return { contracts: contractsOf(aContract()), blobs: createMemoryBlobs(), executions: createFakeExecutions() };
}

const ENTRIES = [anEntry({ id: 'b', state: 'built', attempt: 3 }), anEntry({ id: 'a', state: 'rejected', attempt: 1 })];

describe('startReplay', () => {
    it('writes the objects down as they stand and starts an execution over the list', async () => {
        const lake = aLake();
        const name = await startReplay(lake, ENTRIES);
        const manifest = `runs/${name}/manifest.json`;

        expect(name).toMatch(/^replay-[0-9a-f]{24}-1$/);
        expect(lake.executions.inputs.get(`replay/${name}`)).toEqual({ manifest });
        expect(JSON.parse((await lake.blobs.readText(manifest)) ?? '')).toEqual([
            { id: 'a', attempt: 1, state: 'rejected' },
            { id: 'b', attempt: 3, state: 'built' },
        ]);
    });

    it('joins a replay of the same objects that runs, and leaves its list alone', async () => {
        const lake = aLake();
        const name = await startReplay(lake, ENTRIES);
        const later = ENTRIES.map((entry) => ({ ...entry, attempt: entry.attempt + 1 }));

        expect(await startReplay(lake, later.toReversed())).toBe(name);
        expect(lake.executions.started).toEqual([`replay/${name}`]);
        expect(await lake.blobs.readText(`runs/${name}/manifest.json`)).toContain('"attempt":3');
    });

    it.each(['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] as const)('begins anew after one that %s', async (end) => {
        const lake = aLake();
        const first = await startReplay(lake, ENTRIES);
        lake.executions.end(`replay/${first}`, end);

        expect(await startReplay(lake, ENTRIES)).toBe(first?.replace(/1$/, '2'));
    });

    it('is another replay for other objects, and none for none', async () => {
        const lake = aLake();

        expect(await startReplay(lake, ENTRIES)).not.toBe(await startReplay(lake, ENTRIES.slice(1)));
        expect(await startReplay(lake, [])).toBeUndefined();
        expect(lake.executions.started).toHaveLength(2);
    });

    it('tells which objects went further than its list says', async () => {
        const lake = aLake();
        const name = (await startReplay(lake, ENTRIES)) as string;
        const ledger = createLedger(createMemoryControl(), () => '2026-01-01T00:00:00.000Z');
        const attempts = new Map([
            ['a', 2],
            ['b', 3],
        ]);
        const find = async (id: string) => anEntry({ id, attempt: attempts.get(id) ?? 0 });

        expect(await readBy({ ...lake, ledger: { ...ledger, find } }, name)).toEqual(new Set(['a']));
        expect(await readBy({ ...lake, ledger }, 'replay-nobody-1')).toEqual(new Set());
    });

    it('refuses objects that no contract covers, and too many, before it does anything', async () => {
        const lake = aLake();
        const uncovered = anEntry({ dataset: 'unknown' });

        await expect(startReplay(lake, [...ENTRIES, uncovered])).rejects.toThrow('No contract covers');
        await expect(startReplay(lake, Array(50_001).fill(ENTRIES[0]))).rejects.toThrow(
            '50001 files are more than one replay takes (50000)',
        );
        expect(lake.executions.started).toEqual([]);
        expect(lake.blobs.files.size).toBe(0);
    });
});
