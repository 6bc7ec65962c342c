import { describe, expect, it } from 'vitest';
import { effectiveObjects, type InputSource, newestOf, resolveInput, versionsOf } from '#core/build/inputs.ts';
import { PipelineError } from '#core/errors.ts';
import type { ExperimentPlan } from '#core/experiment/plan.ts';
import { compileModels } from '#core/models/compile.ts';
import { aContract, aPart, aRegisteredObject, aVersion, contractsOf } from '#test/support/builders.ts';

const contract = aContract();
const objects = [
    aRegisteredObject('a', { '2026-01-01': 1, '2026-01-02': 1 }),
    aRegisteredObject('b', { '2026-01-02': 1 }),
];

describe('the objects a dataset is read from', () => {
    it('are all that have rows', () => {
        const empty = aRegisteredObject('c', {});

        expect(effectiveObjects(contract, [...objects, empty])).toEqual(objects);
        expect(effectiveObjects({ ...contract, load: 'upsert' }, objects)).toEqual(objects);
    });

    it('is the newest alone where it replaces', () => {
        const replace = aContract({ load: 'replace' });
        const older = aRegisteredObject('a', undefined, { landedAt: '2026-01-01T00:00:00.000Z', key: 'z' });
        const newer = aRegisteredObject('b', undefined, { landedAt: '2026-01-02T00:00:00.000Z', key: 'a' });
        const sameTime = aRegisteredObject('c', undefined, { landedAt: '2026-01-02T00:00:00.000Z', key: 'b' });

        expect(effectiveObjects(replace, [newer, older])).toEqual([newer]);
        expect(effectiveObjects(replace, [older, sameTime, newer])).toEqual([sameTime]);
        expect(effectiveObjects(replace, [newer, sameTime, older])).toEqual([sameTime]);
        expect(effectiveObjects(replace, [])).toEqual([]);
    });

    it('is not one whose rows all went to quarantine: it replaces nothing', () => {
        const good = aRegisteredObject('a', undefined, { landedAt: '2026-01-01T00:00:00.000Z' });
        const bad = aRegisteredObject('b', {}, { landedAt: '2026-01-02T00:00:00.000Z' });

        expect(effectiveObjects(aContract({ load: 'replace' }), [good, bad])).toEqual([good]);
    });
});

describe('the versions of an input', () => {
    const dataset = (list: readonly ReturnType<typeof aRegisteredObject>[], of = contract) =>
        versionsOf({ kind: 'dataset', contract: of, objects: list });

    it('are those of the objects with rows of a date, for each date', () => {
        const versions = dataset(objects);
        const a = `a:${contract.fingerprint.slice(0, 8)}`;

        expect(versions).toEqual({
            kind: 'by_date',
            dates: new Map([
                ['2026-01-01', a],
                ['2026-01-02', `${a},b:${contract.fingerprint.slice(0, 8)}`],
            ]),
        });
    });

    it('change when an object is staged under another contract', () => {
        const restaged = objects.map((object) => ({ ...object, contractFingerprint: 'another one' }));

        expect(dataset(restaged)).not.toEqual(dataset(objects));
    });

    it('are one for a dataset without dates', () => {
        const undated = aContract({ dateColumn: undefined });
        const one = dataset(objects.slice(0, 1), undated);

        expect(one.kind).toBe('whole');
        expect(dataset(objects, undated)).not.toEqual(one);
        expect(dataset(objects.slice(0, 1), undated)).toEqual(one);
    });

    it('of a by_date table are its parts with rows; of a table, its content', () => {
        const parts = { '2026-01-01': aPart('x'), '2026-01-02': aPart('empty', { rows: 0, file: undefined }) };
        const version = aVersion({ parts });

        expect(versionsOf({ kind: 'table', byDate: true, version })).toEqual({
            kind: 'by_date',
            dates: new Map([['2026-01-01', 'x']]),
        });
        expect(versionsOf({ kind: 'table', byDate: false, version })).toEqual({
            kind: 'whole',
            version: version.content,
        });
        expect(versionsOf({ kind: 'table', byDate: false, version: undefined })).toEqual({
            kind: 'whole',
            version: 'none',
        });
        expect(versionsOf({ kind: 'table', byDate: true, version: undefined })).toEqual({
            kind: 'by_date',
            dates: new Map(),
        });
    });

    it('of a table are the same for equal rows computed from other inputs', () => {
        const one = aVersion({ parts: { all: aPart('x', { inputs: '1' }) } });
        const other = aVersion({ parts: { all: aPart('x', { inputs: '2' }) } });

        expect(one.id).not.toBe(other.id);
        expect(versionsOf({ kind: 'table', byDate: false, version: other })).toEqual(
            versionsOf({ kind: 'table', byDate: false, version: one }),
        );
    });

    it('of values change with any value', () => {
        const values = (value: string) =>
            versionsOf({ kind: 'values', columns: [], rows: [['orders', 'price', value]] });

        expect(values('net')).toEqual(values('net'));
        expect(values('net')).not.toEqual(values('gross'));
    });
});

describe('resolving the name of an input', () => {
    const source: InputSource = {
        graph: compileModels({ files: [], typescriptModels: [], datasets: ['orders'], dateDatasets: [] }),
        catalog: { current: async () => undefined },
        contracts: contractsOf(
            aContract({ parameters: { price: 'net', currency: 'EUR' } }),
            aContract({ dataset: 'users', parameters: { region: 'EU' } }),
        ),
        objects: async () => objects,
    };

    it('finds a dataset with its objects', async () => {
        expect(await resolveInput(source, 'orders')).toMatchObject({ kind: 'dataset', objects });
    });

    it('finds all parameters of all contracts, in a stable order', async () => {
        expect(await resolveInput(source, 'contract_parameters')).toMatchObject({
            kind: 'values',
            rows: [
                ['orders', 'currency', 'EUR'],
                ['orders', 'price', 'net'],
                ['users', 'region', 'EU'],
            ],
        });
    });

    it('finds declared experiments as JSON, or none', async () => {
        expect(await resolveInput(source, 'experiment_plans')).toMatchObject({ kind: 'values', rows: [] });
        expect(await resolveInput(source, 'experiment_exposures')).toMatchObject({
            kind: 'values',
            rows: [
                ['', 'default', 'view_product'],
                ['', 'default', 'pdp_view'],
            ],
        });
        const plans = [{ experimentId: 'checkout' } as ExperimentPlan];
        const declared = { ...source, experimentPlans: async () => plans };

        expect(await resolveInput(declared, 'experiment_plans')).toMatchObject({
            rows: [['checkout', '{"experimentId":"checkout"}']],
        });
    });

    it('refuses a name that is nothing', async () => {
        await expect(resolveInput(source, 'nothing')).rejects.toThrow(PipelineError);
        await expect(resolveInput(source, 'nothing')).rejects.toThrow(
            'There is no dataset, model or built-in relation nothing.',
        );
    });
});

it('knows the newest instant of some objects', () => {
    expect(newestOf(objects)).toBe('2026-01-02T12:00:00.000Z');
    expect(newestOf([aRegisteredObject('c', {})])).toBeUndefined();
    expect(newestOf([])).toBeUndefined();
});
