import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportQuarantine, readEdited } from '#adapters/duckdb/quarantine-files.ts';
import { UsageError } from '#core/errors.ts';
import { admit } from '#core/ingest/admit.ts';
import { register } from '#core/ingest/register.ts';
import { stage } from '#core/ingest/stage.ts';
import { executionName } from '#core/ledger/entry.ts';
import { correct, correctionsOf, type EditedRow } from '#core/quarantine/corrections.ts';
import { objectsOf } from '#core/registry/registry.ts';
import { replay } from '#core/replay/replay.ts';
import { aContract } from '#test/support/builders.ts';
import { testDatabase } from '#test/support/duckdb.ts';
import { temporaryFolder } from '#test/support/temporary.ts';
import { anIngest } from '../ingest/pipeline.ts';

const database = testDatabase('staging');
const BAD =
    'order_id,ordered_at,status,total,note\n' +
    '1,2026-01-01 10:00:00,open,5,a\n' +
    '2,never,paid,7.50,"b, c"\n' +
    '3,2026-02-01 10:00:00,paid,1e3,\n' +
    '4,2026-02-02\n';

async function aQuarantine(text = BAD, contract = aContract()) {
    const ingest = anIngest(database, contract);
    const { context } = ingest;
    const admission = await admit(context, await ingest.land('landing/orders/o.csv', text));
    if (!('entry' in admission)) throw new Error('not admitted');
    const { id } = admission.entry;
    const entry = async () => (await context.ledger.find(id))!;
    /** The execution of the entry's attempt. */
    const ingestNow = async () => {
        const { summaryKey } = await stage(context, id, executionName(await entry()));
        await register(context, id, summaryKey);
    };
    await ingestNow();
    const rowsOf = async (keys: readonly string[], columns: string) => {
        const { paths } = await context.blobs.open(keys);
        return database.session((session) =>
            session.rows(
                `select ${columns} from read_parquet(['${paths.join("', '")}'], union_by_name = true) order by _source_row`,
            ),
        );
    };
    return {
        context,
        id,
        entry,
        ingestNow,
        accepted: async (columns = '*') => rowsOf((await entry()).staged?.files ?? [], columns),
        rejected: async (columns = '*') => rowsOf([(await entry()).staged?.quarantine ?? ''], columns),
        /** Exports, lets `edit` change rows, and redrives them as the command does. */
        async redrive(edit: (row: EditedRow) => EditedRow | undefined, ending = 'csv') {
            const { paths } = await context.blobs.open([(await entry()).staged?.quarantine ?? '']);
            const target = join(await temporaryFolder(), `bad.${ending}`);
            await exportQuarantine(database, { quarantinePath: paths[0]!, object: id, target });
            const edited = (await readEdited(database, target)).map(edit).filter((row) => row !== undefined);
            const rows = correctionsOf(edited).get(id) ?? [];
            const outcome = await correct(context, await entry(), rows);
            if (outcome.started) await ingestNow();
            return { outcome, rows };
        },
    };
}

type Quarantine = Awaited<ReturnType<typeof aQuarantine>>;

const fixSecond = (row: EditedRow) => (row.order_id === '2' ? { ...row, ordered_at: '2026-03-01 09:00:00' } : row);

async function statesOf({ entry, accepted, rejected }: Quarantine) {
    const { staged } = await entry();
    return {
        rows: staged?.rows,
        accepted: (await accepted('order_id')).map((row) => row.order_id),
        rejected: staged?.quarantine === undefined ? [] : (await rejected('_source_row as n')).map(({ n }) => n),
    };
}

describe('redriving corrected rows', () => {
    it('moves the good ones to accepted, with their origin, and shrinks the quarantine by exactly them', async () => {
        const quarantine = await aQuarantine();
        expect(await statesOf(quarantine)).toEqual({
            rows: { read: 4, accepted: 1, rejected: 3 },
            accepted: [1],
            rejected: [2, 3, 4],
        });
        await quarantine.redrive(fixSecond);

        expect(await statesOf(quarantine)).toEqual({
            rows: { read: 4, accepted: 2, rejected: 2 },
            accepted: [1, 2],
            rejected: [3, 4],
        });
        const columns =
            '_source_uri, _source_version, _source_row, cast(_landed_at as varchar) as landed, _run_id, total, _extra';
        const [first, second] = await quarantine.accepted(columns);
        expect(second).toEqual({
            ...first,
            _source_row: 2,
            _run_id: `${quarantine.id}-2`,
            total: '7.50',
            _extra: '{"note":"b, c"}',
        });
        expect((await quarantine.entry()).staged).toMatchObject({
            dates: { '2026-01-01': 1, '2026-03-01': 1 },
            newest: '2026-03-01T09:00:00.000Z',
            reasons: { 'row: too_few_fields': 1, 'total: not_money': 1 },
            redriven: {
                accepted: 1,
                run: `${quarantine.id}-2`,
                corrections: [expect.stringContaining('/corrections/')],
            },
        });
    });

    it('is seen by builds as another state of the object', async () => {
        const quarantine = await aQuarantine();
        await quarantine.redrive(fixSecond);

        expect(await objectsOf(quarantine.context.control, 'orders')).toMatchObject([{ rows: 2, corrections: 1 }]);
    });

    it('reads no other row again', async () => {
        const quarantine = await aQuarantine();
        quarantine.context.stager.stage = async (request) => {
            expect(request.path).toContain('corrected.ndjson');
            return (await import('#adapters/duckdb/stager.ts')).createStager(database).stage(request);
        };
        await quarantine.redrive(fixSecond);

        expect((await statesOf(quarantine)).accepted).toEqual([1, 2]);
    });

    it('keeps rows that are still bad, with their new reasons and text', async () => {
        const quarantine = await aQuarantine();
        await quarantine.redrive((row) => (row.order_id === '3' ? { ...row, total: '5', order_id: 'three' } : row));

        const [, third] = await quarantine.rejected('_source_row, reasons, raw');
        expect(third).toMatchObject({ _source_row: 3, reasons: ['order_id: not_an_integer'] });
        expect(JSON.parse(String(third?.raw))).toMatchObject({ order_id: 'three', total: '5' });
    });

    it('takes a row that could not be cut into fields when its fields are filled in', async () => {
        const quarantine = await aQuarantine();
        await quarantine.redrive((row) =>
            row._source_row === '4' ? { ...row, order_id: '4', ordered_at: '2026-02-02', total: '4' } : undefined,
        );

        expect((await statesOf(quarantine)).accepted).toEqual([1, 4]);
    });

    it('counts once what is given twice', async () => {
        const quarantine = await aQuarantine();
        const { rows } = await quarantine.redrive(fixSecond);
        const once = await statesOf(quarantine);
        const again = await correct(quarantine.context, await quarantine.entry(), rows);
        await quarantine.ingestNow();
        await quarantine.redrive((row) => row);

        expect(again).toEqual({ started: false });
        expect(await statesOf(quarantine)).toEqual(once);
    });

    it('adds up over several redrives until the quarantine is empty, from every kind of file', async () => {
        const quarantine = await aQuarantine();
        await quarantine.redrive(fixSecond, 'ndjson');
        await quarantine.redrive((row) => (row.order_id === '3' ? { ...row, total: '1000' } : undefined), 'parquet');
        await quarantine.redrive((row) => ({ ...row, order_id: '4', ordered_at: '2026-02-02' }));

        expect(await statesOf(quarantine)).toEqual({
            rows: { read: 4, accepted: 4, rejected: 0 },
            accepted: [1, 2, 3, 4],
            rejected: [],
        });
        expect((await quarantine.entry()).staged?.redriven?.accepted).toBe(3);
    });

    it('holds when the whole object is read again', async () => {
        const quarantine = await aQuarantine();
        await quarantine.redrive(fixSecond);
        const before = await statesOf(quarantine);
        await replay(quarantine.context, await quarantine.entry());
        await quarantine.ingestNow();

        expect(await statesOf(quarantine)).toEqual(before);
    });

    it('ends the same after a crash before registering and a rerun', async () => {
        const quarantine = await aQuarantine();
        const { context } = quarantine;
        context.control.beforeWrite = (key) => {
            if (key.startsWith('control/registry')) throw new Error('killed');
        };
        await expect(quarantine.redrive(fixSecond)).rejects.toThrow('killed');
        context.control.beforeWrite = () => undefined;
        expect((await objectsOf(context.control, 'orders'))[0]).toMatchObject({ rows: 1 });
        await quarantine.ingestNow();

        expect((await statesOf(quarantine)).accepted).toEqual([1, 2]);
    });

    it('leaves rows alone that are not in quarantine', async () => {
        const quarantine = await aQuarantine();
        await quarantine.redrive((row) => ({ ...row, _source_row: '1', ordered_at: '2026-03-01' }));

        expect((await statesOf(quarantine)).rows).toEqual({ read: 4, accepted: 1, rejected: 3 });
    });

    it('is refused for an object without rows of its own', async () => {
        const { context, entry } = await aQuarantine();
        const rejected = { ...(await entry()), state: 'rejected' as const };

        await expect(correct(context, rejected, [])).rejects.toThrow(UsageError);
    });

    it('says so when its corrections are gone', async () => {
        const quarantine = await aQuarantine();
        const known = await quarantine.context.ledger.addCorrections(quarantine.id, 'quarantine/gone.ndjson');
        await replay(quarantine.context, known);

        await expect(quarantine.ingestNow()).rejects.toThrow('The corrections quarantine/gone.ndjson are gone.');
    });
});

describe('an edited file', () => {
    it('keeps values a text cannot tell where they were not touched', () => {
        const raw = JSON.stringify({ id: 7, tags: { a: 1 }, name: 'x' });
        const origin = { _object: 'o', _source_uri: 'u', _source_row: '3', _raw: raw, _reasons: 'id: missing_value' };
        const found = correctionsOf([{ ...origin, id: '7', tags: '{"a":1}', name: null }]);

        expect(found.get('o')).toEqual([{ sourceUri: 'u', row: 3, fields: { id: 7, tags: { a: 1 }, name: null } }]);
    });

    it('tells of rows that were edited alone', () => {
        const origin = { _object: 'o', _source_uri: 'u', _source_row: '3' };
        const untouched = [
            { ...origin, _raw: '{"id":"7"}', id: '7', name: null },
            { ...origin, _raw: '2026,"x', id: null },
        ];

        expect(correctionsOf(untouched)).toEqual(new Map());
    });

    it.each([{}, { _object: 'o', _source_uri: 'u', _source_row: 'x' }])('is refused without origin: %j', (row) => {
        expect(() => correctionsOf([row])).toThrow('Row 1 of the file does not say which row it corrects');
    });

    it('is refused where it cannot be read', async () => {
        const path = join(await temporaryFolder(), 'a.ndjson');
        await expect(readEdited(database, path)).rejects.toThrow('cannot be read (ENOENT)');
        await writeFile(path, '{"a":1}\nnothing\n');
        await expect(readEdited(database, path)).rejects.toThrow('Line 2 of');
        await expect(readEdited(database, `${path}.csv`)).rejects.toThrow(
            'expected a file as cartlake quarantine export',
        );
    });
});
