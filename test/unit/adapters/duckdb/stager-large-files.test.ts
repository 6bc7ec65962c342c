import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type Database } from '#adapters/duckdb/database.ts';
import { createStager } from '#adapters/duckdb/stager.ts';
import type { ContractColumn } from '#core/contracts/contract.ts';
import type { StageResult } from '#core/ingest/ports.ts';

const COLUMNS = ['event_id', 'product_id', 'note'];

let folder: string;
let database: Database;

beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stager-'));
    database = createDatabase({ temporary: join(folder, 'spill') });
});

afterAll(async () => {
    database.close();
    await rm(folder, { recursive: true, force: true });
});

function column(name: string, type: ContractColumn['type'], required = false): ContractColumn {
    return {
        name,
        type,
        required,
        description: name,
        aliases: [],
        valueAliases: {},
        allowedValues: undefined,
        minimum: undefined,
        maximum: undefined,
    };
}

async function stage(text: string, headings = COLUMNS, note = column('note', 'varchar')): Promise<StageResult> {
    const path = join(folder, 'events.csv');
    await writeFile(path, text);
    return createStager(database).stage({
        path,
        format: { kind: 'csv', delimiter: ',', columns: headings },
        contract: {
            dataset: 'events',
            version: '1.0.0',
            purpose: 'Events.',
            columns: [column('event_id', 'bigint', true), column('product_id', 'bigint'), note],
            rowIdentity: 'key',
            key: ['event_id'],
            load: 'append',
            schemaPolicy: 'evolve',
            dateColumn: undefined,
            versionColumn: undefined,
            filePatterns: ['events*.csv'],
            parameters: {},
            fingerprint: 'f',
        },
        mapping: Object.fromEntries(COLUMNS.map((name) => [name, [name]])),
        extra: headings.slice(COLUMNS.length),
        lineage: {
            sourceUri: 'landing/events/events.csv',
            sourceVersion: 'v1',
            landedAt: '2024-01-01T00:00:00.000Z',
            ingestedAt: '2024-01-01T00:00:00.000Z',
            runId: 'run-1',
        },
        folder,
    });
}

function rows(file: string | undefined, select: string): Promise<unknown> {
    return database.session((session) => session.rows(`select ${select} from read_parquet('${file}')`));
}

/** Rows that have not the number of their record, which stands in them as their event, or not its place. */
const MISPLACED = 'count(*) filter (event_id <> _source_row or event_id <> file_row_number + 1) as misplaced';

/** A file of `count` records, the number of each standing in it as its event. */
function csv(count: number, record: (number: number) => string): string {
    const lines = [COLUMNS.join(',')];
    for (let number = 1; number <= count; number++) lines.push(record(number));
    return `${lines.join('\n')}\n`;
}

describe('a large CSV file', () => {
    it('keeps records whole whose quoted fields hold lines that look like records', async () => {
        const count = 30_000;

        const result = await stage(csv(count, (number) => `${number},7,"${`two\n${number},7,q\n`.repeat(50)}"`));

        expect(result).toMatchObject({ read: count, accepted: count, rejected: 0 });
        expect(
            await rows(
                result.acceptedPath,
                'count(*) filter (event_id <> _source_row) as wrong, count(distinct length(note) - length(cast(event_id as varchar)) * 50) as lengths',
            ),
        ).toEqual([{ wrong: 0, lengths: 1 }]);
    });

    it('numbers good and bad rows by the records of the file, the broken ones included', async () => {
        const count = 100_000;
        const isBroken = (number: number) => number < 4 || number % 7 === 0 || (number > 5_000 && number < 6_000);

        const result = await stage(
            csv(count, (number) => {
                if (isBroken(number)) return `${number},7`;
                return number % 11 === 0 ? `${number},1.5,x` : `${number},7,x`;
            }),
        );

        const numbers = Array.from({ length: count }, (_, index) => index + 1);
        const broken = numbers.filter(isBroken).length;
        const bad = numbers.filter((number) => !isBroken(number) && number % 11 === 0).length;
        expect(result).toMatchObject({ read: count, accepted: count - broken - bad, rejected: broken + bad });
        expect(result.reasons).toEqual({ 'product_id: not_an_integer': bad, 'row: too_few_fields': broken });
        expect(await rows(result.acceptedPath, 'count(*) filter (event_id <> _source_row) as wrong')).toEqual([
            { wrong: 0 },
        ]);
        expect(
            await rows(
                result.rejectedPath,
                "count(*) filter (not contains(raw, case when reasons[1] like 'row%' then _source_row || ',' else '\"' || _source_row || '\"' end)) as misplaced",
            ),
        ).toEqual([{ misplaced: 0 }]);
    });

    it('keeps the order of a file without broken records', async () => {
        const count = 250_000;
        // Enough bytes for several threads to have places of their own.
        const result = await stage(csv(count, (number) => `${number},7,${'x'.repeat(100)}`));

        expect(await rows(result.acceptedPath, MISPLACED)).toEqual([{ misplaced: 0 }]);
    });

    it('keeps the order where a column has many allowed values and spellings', async () => {
        const count = 250_000;
        const names = Array.from({ length: 30 }, (_, index) => `value ${String(index).repeat(60)}`);
        const note = {
            ...column('note', 'varchar'),
            allowedValues: names,
            valueAliases: Object.fromEntries(names.map((name) => [name, name])),
        };

        const result = await stage(
            csv(count, (number) => `${number},7,${names[number % names.length]}`),
            COLUMNS,
            note,
        );

        expect(result).toMatchObject({ read: count, accepted: count });
        expect(await rows(result.acceptedPath, MISPLACED)).toEqual([{ misplaced: 0 }]);
    });

    it('of rows too wide for little memory is read with all there is', async () => {
        const wide = `,"${'x'.repeat(1_000)}"`;
        const names = Array.from({ length: 400 }, (_, index) => `extra_${index}`);
        const headings = [...COLUMNS, ...names];
        const records = Array.from({ length: 300 }, (_, index) => `${index + 1},7,x${wide.repeat(names.length)}`);

        const result = await stage(`${[headings.join(','), ...records].join('\n')}\n`, headings);

        expect(result).toMatchObject({ read: 300, accepted: 300, rejected: 0 });
    });
});
