import { resolve } from 'node:path';
import { Command } from 'commander';
import { UsageError } from '#core/errors.ts';
import type { LedgerEntry } from '#core/ledger/entry.ts';
import type { ObjectRef } from '#core/types.ts';
import { useAnyLake } from '../anywhere.ts';
import { answering, type Call } from '../command.ts';
import { patienceOption } from '../numeric-options.ts';
import { count, counted } from '../output/numbers.ts';
import type { Answer } from '../output/output.ts';

/** `cartlake quarantine redrive [FILE] [--object ID]` */
export function redriveCommand(): Command {
    return new Command('redrive')
        .description(
            'judge rejected rows again: those of an edited export, or of a file of which the contract was corrected',
        )
        .argument('[file]', 'an edited export: .csv, .ndjson or .parquet')
        .option('--object <id>', 'without an export: object id, its beginning, or a file name')
        .addOption(patienceOption())
        .action(answering(redrive));
}

interface RedriveOptions {
    readonly object?: string;
    readonly patience: number;
}

/** An object before and after. */
interface Redriven {
    readonly before: LedgerEntry;
    readonly after: LedgerEntry | undefined;
}

async function redrive({ arguments: [file], options, globals }: Call<RedriveOptions>): Promise<Answer> {
    if ((file === undefined) === (options.object === undefined)) {
        throw new UsageError(
            'Name what to judge again: an edited export (cartlake quarantine export ID --out bad.csv, edit it, ' +
                'cartlake quarantine redrive bad.csv) or, after a contract was corrected, --object ID.',
        );
    }
    const { createDatabase } = await import('#adapters/duckdb/database.ts');
    const { readEdited } = await import('#adapters/duckdb/quarantine-files.ts');
    const { correct, correctionsOf } = await import('#core/quarantine/corrections.ts');
    const { replay } = await import('#core/replay/replay.ts');
    const { allEntries, entryMeant } = await import('#core/status/entries.ts');
    const { buildDocument, buildLines } = await import('../build-outcome.ts');
    const { createProgress } = await import('../output/progress.ts');
    const progress = createProgress();
    const { patience } = options;
    const work = useAnyLake(globals, { mode: 'change', onStage: progress.stage, patience }, async (lake) => {
        const { context } = lake;
        const entries = await allEntries(context.ledger);
        const chosen: LedgerEntry[] = [];
        const started: ObjectRef[] = [];
        const outcome = await lake.watchBuilds();
        if (file === undefined) {
            const entry = entryMeant(entries, options.object as string);
            chosen.push(entry);
            await replay(context, entry);
            started.push(entry.object);
        } else {
            const database = createDatabase({ temporary: lake.temporary });
            const rows = await readEdited(database, resolve(String(file))).finally(() => database.close());
            const edited = [...correctionsOf(rows)].map(([id, rows]) => ({ entry: entryMeant(entries, id), rows }));
            if (edited.length === 0) {
                throw new UsageError(`No row of ${file} was edited: change its fields, then give it again.`);
            }
            for (const { entry, rows } of edited) {
                chosen.push(entry);
                if ((await correct(context, entry, rows)).started) started.push(entry.object);
            }
        }
        await lake.settle(started);
        const builds = await outcome();
        const done = await Promise.all(
            chosen.map(async (before) => ({ before, after: await context.ledger.find(before.id) })),
        );
        const ok =
            builds.failures.length === 0 &&
            done.every(({ after }) => after?.state === 'built' || after?.state === 'staged');
        return {
            document: { objects: done.map(documentOf), ...buildDocument(builds), ok },
            lines: [...done.map(lineOf), '', ...buildLines(builds, globals.lakeOption)],
            code: ok ? (0 as const) : (1 as const),
        };
    });
    return work.finally(progress.done);
}

function documentOf({ before, after }: Redriven) {
    const { id, object, dataset } = before;
    return {
        object: id,
        file: object.key,
        dataset,
        before: before.staged?.rows ?? null,
        after: after?.staged?.rows ?? null,
        reasons: after?.staged?.reasons ?? {},
        redriven: after?.staged?.redriven ?? null,
    };
}

function lineOf({ before, after }: Redriven): string {
    const [was, is] = [before.staged?.rows.rejected ?? 0, after?.staged?.rows.rejected ?? 0];
    const name = before.object.key.split('/').at(-1);
    return `${name}: ${counted(Math.max(was - is, 0), 'row')} accepted now, ${count(is)} of ${count(after?.staged?.rows.read ?? 0)} left in quarantine.`;
}
