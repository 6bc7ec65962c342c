import { describe, expect, it } from 'vitest';
import type { FileResult } from '#cli/ingest/file-results.ts';
import { replayAnswer } from '#cli/replay-answer.ts';
import { anEntry, anObject, aStagedObject } from '#test/support/builders.ts';

const BUILDS = { built: [], published: [], failures: [], open: 0 };
const WELL = { status: 'SUCCEEDED', error: undefined, cause: undefined } as const;

function files(number: number): FileResult[] {
    return Array.from({ length: number }, (_, index) => {
        const object = anObject({ key: `landing/orders/orders-${index}.csv` });
        const entry = anEntry({ object, state: 'built', staged: aStagedObject() });
        return { name: object.key, entry, known: false, problem: undefined };
    });
}

const textOf = (results: readonly FileResult[], end: Parameters<typeof replayAnswer>[0]['end'] = WELL) => {
    const answer = replayAnswer({ name: 'replay-a-1', end, results, builds: BUILDS }, ' --target aws');
    return { ...answer, text: answer.lines?.join('\n') ?? '' };
};

describe('the answer of a replay', () => {
    it('lists a few files, and many only where something is wrong', () => {
        expect(textOf(files(2)).text).toMatch(/^Read 2 files again\.\n\nfile[\s\S]*orders-1\.csv/);
        expect(textOf(files(60)).text).not.toContain('orders-1.csv');
        const bad = { ...(files(1)[0] as FileResult), problem: 'it was not read again' };
        const answer = textOf([...files(60), bad]);

        expect(answer.text).toMatch(/^Read 60 files again, 1 not\.\n\nfile[\s\S]*orders-0\.csv: it was not read again/);
        expect(answer.code).toBe(1);
        expect(textOf(files(60)).code).toBe(0);
    });

    it('says that it ended early, and why', () => {
        const end = { status: 'FAILED', error: 'States.ItemReaderFailed', cause: 'there is no list' } as const;
        const answer = textOf(files(1), end);

        expect(answer.text).toContain('The replay replay-a-1 ended early (FAILED): there is no list');
        expect(answer.code).toBe(1);
    });

    it('is well when there was nothing to read', () => {
        const answer = replayAnswer({ name: undefined, end: undefined, results: [], builds: BUILDS }, '');

        expect(answer).toMatchObject({ code: 0, document: { replay: null, files: [], ok: true } });
        expect(answer.lines?.[0]).toBe('Read 0 files again.');
    });
});
