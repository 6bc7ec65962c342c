import fc from 'fast-check';
import { expect, it } from 'vitest';
import { admit } from '#core/ingest/admit.ts';
import { register } from '#core/ingest/register.ts';
import { stage } from '#core/ingest/stage.ts';
import { executionName } from '#core/ledger/entry.ts';
import { correct } from '#core/quarantine/corrections.ts';
import { replay } from '#core/replay/replay.ts';
import { testDatabase } from '#test/support/duckdb.ts';
import { anIngest } from '#test/unit/core/ingest/pipeline.ts';

const database = testDatabase('staging');

/** A correction of some row: good or bad, of a row in quarantine, of an accepted one or of none. */
const aCorrection = fc.record({ row: fc.integer({ min: 1, max: 4 }), good: fc.boolean() });
const aStep = fc.oneof(
    fc.record({ kind: fc.constant('correct' as const), rows: fc.array(aCorrection, { minLength: 1, maxLength: 4 }) }),
    fc.record({ kind: fc.constant('replay' as const) }),
);

it('loses no row and counts none twice, whatever is corrected, given twice or read again', async () => {
    await fc.assert(
        fc.asyncProperty(
            fc.array(fc.boolean(), { minLength: 1, maxLength: 3 }),
            fc.array(aStep, { maxLength: 6 }),
            async (isGood, steps) => {
                const { context, land } = anIngest(database);
                const lines = isGood.map((good, index) => `${index + 1},${good ? '2026-01-01' : 'never'},open,1`);
                const object = await land(
                    'landing/orders/o.csv',
                    `order_id,ordered_at,status,total\n${lines.join('\n')}\n`,
                );
                const admission = await admit(context, object);
                if (!('entry' in admission)) throw new Error('not admitted');
                const { id } = admission.entry;
                const entry = async () => (await context.ledger.find(id))!;
                const ingest = async () => {
                    const { summaryKey } = await stage(context, id, executionName(await entry()));
                    await register(context, id, summaryKey);
                };
                await ingest();
                const accepted = new Set(isGood.flatMap((good, index) => (good ? [index + 1] : [])));
                for (const step of steps) {
                    if (step.kind === 'replay') await replay(context, await entry());
                    else {
                        const corrections = step.rows.map(({ row, good }) => ({
                            sourceUri: 'landing/orders/o.csv',
                            row,
                            fields: { order_id: String(row), ordered_at: good ? '2026-02-02' : 'ever', total: '1' },
                        }));
                        const last = new Map(step.rows.map(({ row, good }) => [row, good]));
                        const { started } = await correct(context, await entry(), corrections);
                        if (!started) continue;
                        for (const [row, good] of last) if (good && row <= isGood.length) accepted.add(row);
                    }
                    await ingest();
                    const { staged } = await entry();
                    const { paths } = await context.blobs.open(staged?.files ?? []);
                    const rows = await database.session((session) =>
                        paths.length === 0
                            ? Promise.resolve([])
                            : session.rows(
                                  `select _source_row as n from read_parquet(['${paths.join("', '")}']) order by n`,
                              ),
                    );
                    expect(rows.map(({ n }) => n)).toEqual([...accepted].toSorted((a, b) => a - b));
                    expect(staged?.rows).toEqual({
                        read: isGood.length,
                        accepted: accepted.size,
                        rejected: isGood.length - accepted.size,
                    });
                }
            },
        ),
        { numRuns: 40 },
    );
});
