import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createStager } from '#adapters/duckdb/stager.ts';
import { createFileReader } from '#adapters/folder/reader.ts';
import { ContractError } from '#core/errors.ts';
import { probe } from '#core/ingest/probe.ts';
import { aColumn, aContract } from '#test/support/builders.ts';
import { testDatabase } from '#test/support/duckdb.ts';
import { temporaryFolder } from '#test/support/temporary.ts';

const database = testDatabase('staging');
const context = { reader: createFileReader(), stager: createStager(database) };
const contract = aContract({
    columns: [
        aColumn('order_id', { type: 'bigint', required: true, aliases: ['Bestellung', 'id'] }),
        aColumn('ordered_at', { type: 'timestamp', required: true }),
        aColumn('status'),
    ],
});

async function probed(content: Buffer | string, of = contract) {
    const path = join(await temporaryFolder(), 'file');
    await writeFile(path, content);
    return probe(context, of, path);
}

describe('probing a file', () => {
    it('finds which heading brings which column, and which are extra', async () => {
        expect(await probed(gzipSync('BESTELLUNG; ordered_at ;note\n1;2026-01-01;x\n'))).toEqual({
            format: { kind: 'csv', delimiter: ';', columns: ['BESTELLUNG', 'ordered_at', 'note'] },
            compression: 'gzip',
            encoding: 'utf-8',
            blankBytes: 0,
            mapping: { order_id: ['BESTELLUNG'], ordered_at: ['ordered_at'], status: [] },
            extra: ['note'],
        });
    });

    it('looks every known spelling up in JSON, where it may differ from row to row', async () => {
        const { mapping } = await probed(
            '{"id": 1, "ordered_at": "2026-01-01"}\n{"Bestellung": 2}\n'.replace('"Bestellung"', '"ID2"'),
        );

        expect(mapping.order_id).toEqual(['id', 'order_id', 'Bestellung']);
        expect(mapping.status).toEqual(['status']);
    });

    it('reads the columns of a Parquet file', async () => {
        const path = join(await temporaryFolder(), 'o.parquet');
        await database.session((session) =>
            session.run(`copy (select 1 as id, timestamp '2026-01-01' as ordered_at) to '${path}' (format parquet)`),
        );

        expect(await probe(context, contract, path)).toMatchObject({
            format: { kind: 'parquet', columns: ['id', 'ordered_at'] },
            mapping: { order_id: ['id'] },
        });
    });

    it('refuses a file without a required column, with a diff', async () => {
        await expect(probed('order_id,state\n1,open\n')).rejects.toThrow(ContractError);
        await expect(probed('order_id,state\n1,open\n')).rejects.toThrow(/- ordered_at +missing \(required\)/);
    });

    it('refuses extra columns only where the contract is strict', async () => {
        const strict = aContract({ columns: contract.columns, schemaPolicy: 'strict' });

        await expect(probed('order_id,ordered_at,note\n', strict)).rejects.toThrow('not in the contract');
        expect((await probed('order_id,ordered_at,note\n')).extra).toEqual(['note']);
    });

    it('refuses what only begins like Parquet', async () => {
        await expect(probed('PAR1 but not really')).rejects.toThrow(ContractError);
        await expect(probed('PAR1 but not really')).rejects.toThrow('The file cannot be read:');
    });

    it('refuses Parquet inside gzip in words', async () => {
        await expect(probed(gzipSync('PAR1 whatever'))).rejects.toThrow(
            'The file is Parquet inside gzip: Parquet is compressed already. Send the Parquet file itself.',
        );
        await expect(probed(gzipSync('PAR1 whatever'))).rejects.toThrow(ContractError);
    });
});
