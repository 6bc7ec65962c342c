import { describe, expect, it } from 'vitest';
import { bindInput, stagedColumns, watermarkRelation } from '#core/build/relations.ts';
import { aContract, aPart, aRegisteredObject, aVersion } from '#test/support/builders.ts';

const contract = aContract();
const object = (id: string, dates: Record<string, number>, overrides = {}) =>
    aRegisteredObject(id, dates, { files: [`${id}.parquet`], ...overrides });
const NONE = { lookback: 0, lookahead: 0 } as const;

describe('binding a dataset', () => {
    const objects = [
        object('a', { '2026-01-01': 1, '2026-01-02': 1 }),
        object('b', { '2026-01-02': 1 }),
        object('c', { '2026-01-09': 1 }),
    ];
    const input = { kind: 'dataset', contract, objects } as const;

    it('takes all files where no dates are asked for', () => {
        expect(bindInput(input, NONE, undefined)).toEqual({
            kind: 'files',
            files: ['a.parquet', 'b.parquet', 'c.parquet'],
            uniform: true,
            columns: stagedColumns(contract),
            narrow: undefined,
        });
    });

    it('takes the files with rows of the dates, narrowed when they hold others too', () => {
        expect(bindInput(input, NONE, ['2026-01-02'])).toMatchObject({
            files: ['a.parquet', 'b.parquet'],
            narrow: { column: 'ordered_at', ranges: [{ from: '2026-01-02', to: '2026-01-02' }] },
        });
        expect(bindInput(input, NONE, ['2026-01-09'])).toMatchObject({ files: ['c.parquet'], narrow: undefined });
        expect(bindInput(input, NONE, ['2026-05-05'])).toMatchObject({ files: [], narrow: undefined });
    });

    it('widens the dates by what a model sees before and after', () => {
        expect(bindInput(input, { lookback: 7, lookahead: 0 }, ['2026-01-09'])).toMatchObject({
            files: ['a.parquet', 'b.parquet', 'c.parquet'],
            narrow: { ranges: [{ from: '2026-01-02', to: '2026-01-09' }] },
        });
        expect(bindInput(input, { lookback: 'all', lookahead: 0 }, ['2026-01-02'])).toMatchObject({
            files: ['a.parquet', 'b.parquet'],
            narrow: undefined,
        });
        expect(bindInput(input, { lookback: 0, lookahead: 7 }, ['2026-01-02'])).toMatchObject({
            narrow: { ranges: [{ from: '2026-01-02', to: '2026-01-09' }] },
        });
    });

    it('is whole where the dataset has no dates', () => {
        const undated = { ...input, contract: aContract({ dateColumn: undefined }) };

        expect(bindInput(undated, NONE, ['2026-01-02'])).toMatchObject({
            files: ['a.parquet', 'b.parquet', 'c.parquet'],
        });
    });

    it('says when files were staged under different contracts', () => {
        const mixed = [objects[0]!, object('b', { '2026-01-02': 1 }, { contractFingerprint: 'another' })];

        expect(bindInput({ ...input, objects: mixed }, NONE, undefined)).toMatchObject({ uniform: false });
        expect(bindInput({ ...input, objects: [] }, NONE, undefined)).toMatchObject({ uniform: true, files: [] });
    });
});

describe('binding a table', () => {
    const version = aVersion({
        parts: {
            '2026-01-01': aPart('x'),
            '2026-01-02': aPart('empty', { file: undefined, rows: 0 }),
            '2026-01-03': aPart('y'),
        },
    });

    it('by date takes the files of the dates', () => {
        const input = { kind: 'table', byDate: true, version } as const;

        expect(bindInput(input, NONE, ['2026-01-02', '2026-01-03'])).toMatchObject({ files: ['marts/m/y.parquet'] });
        expect(bindInput(input, { lookback: 2, lookahead: 0 }, ['2026-01-03'])).toMatchObject({
            files: ['marts/m/x.parquet', 'marts/m/y.parquet'],
        });
        expect(bindInput(input, NONE, undefined)).toMatchObject({ files: ['marts/m/x.parquet', 'marts/m/y.parquet'] });
    });

    it('that is whole is bound whole, whatever the dates', () => {
        expect(bindInput({ kind: 'table', byDate: false, version }, NONE, ['2026-01-01'])).toMatchObject({
            files: ['marts/m/x.parquet', 'marts/m/y.parquet'],
            columns: version.columns,
        });
    });

    it('that was never built has neither files nor columns', () => {
        expect(bindInput({ kind: 'table', byDate: true, version: undefined }, NONE, undefined)).toMatchObject({
            files: [],
            columns: [],
        });
    });
});

it('binds values as they are', () => {
    const values = { kind: 'values', columns: [], rows: [['a']] } as const;

    expect(bindInput(values, NONE, ['2026-01-01'])).toBe(values);
});

it('knows the end of the data only for a model that names whose', () => {
    expect(watermarkRelation('events', '2026-01-01T00:00:00.000Z')).toMatchObject({
        rows: [['events', '2026-01-01T00:00:00.000Z']],
    });
    expect(watermarkRelation('events', undefined)).toMatchObject({ rows: [] });
    expect(watermarkRelation(undefined, undefined)).toMatchObject({ rows: [] });
});
