import { describe, expect, it } from 'vitest';
import type { TableStatus } from '#core/status/tables.ts';
import { type Evidence, sentenceOf, troublesOf } from '#core/status/troubles.ts';
import { anEntry, anObject } from '#test/support/builders.ts';

const calm: Evidence = { entries: [], tables: [], lastBuild: undefined, halted: [], open: 0 };
const failed = {
    name: 'build-2-1',
    status: 'FAILED',
    stoppedAt: undefined,
    error: 'TransientError',
    cause: 'No server.',
};
const behind = { model: 'm', publish: 'm', version: 'v', published: false } as TableStatus;

const kinds = (evidence: Partial<Evidence>) => troublesOf({ ...calm, ...evidence }).map(({ kind }) => kind);

describe('troublesOf', () => {
    it('has nothing to say when all is well', () => {
        expect(
            kinds({ entries: [anEntry({ state: 'built' })], lastBuild: { ...failed, status: 'SUCCEEDED' } }),
        ).toEqual([]);
    });

    it('names rejected and unfinished objects with their reasons', () => {
        const rejected = anEntry({ state: 'rejected', reason: 'It is empty.' });

        expect(troublesOf({ ...calm, entries: [rejected, anEntry()] })).toMatchObject([
            { kind: 'rejected_object', subject: 'landing/orders/orders.csv', what: 'It is empty.' },
            { kind: 'unfinished_object', what: 'It was taken in and not finished.', next: 'cartlake build' },
        ]);
    });

    it('leaves files alone that a person took out', () => {
        expect(kinds({ entries: [anEntry({ state: 'rejected', reason: 'Taken out by hand: twice' })] })).toEqual([]);
    });

    it('forgets a rejected file once its name came again and was accepted', () => {
        const rejected = anEntry({ state: 'rejected' });
        const again = {
            object: anObject({ key: 'landing/returns/orders.csv', version: 'v2' }),
            state: 'built',
        } as const;

        expect(kinds({ entries: [rejected, anEntry({ ...again, receivedAt: '2026-01-02' })] })).toEqual([]);
        expect(kinds({ entries: [rejected, anEntry({ ...again, receivedAt: '2025-01-02' })] })).toEqual([
            'rejected_object',
        ]);
    });

    it('tells why the last build failed as long as its request is open', () => {
        expect(troublesOf({ ...calm, lastBuild: failed, open: 1 })).toMatchObject([
            { kind: 'failed_build', subject: 'build-2-1', what: 'No server.' },
        ]);
        expect(kinds({ lastBuild: failed })).toEqual([]);
    });

    it('names halted models instead of the build they halted', () => {
        const halted = [{ model: 'fct_events', reason: 'not_null fails' }];

        expect(kinds({ lastBuild: failed, halted })).toEqual(['halted_model']);
    });

    it('tells of builds that wait, and of tables that Postgres does not have', () => {
        expect(kinds({ open: 1, tables: [behind] })).toEqual(['open_build']);
        expect(kinds({ tables: [behind, { ...behind, published: true }] })).toEqual(['unpublished']);
    });
});

it('takes the sentence out of a function error, and leaves a sentence as it is', () => {
    expect(sentenceOf('{"errorMessage":"No server."}')).toBe('No server.');
    expect(sentenceOf('No server.')).toBe('No server.');
    expect(sentenceOf('[1]')).toBe('[1]');
    expect(sentenceOf(undefined)).toBe('');
});
