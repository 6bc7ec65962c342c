import { datasetOfFile } from '../contracts/patterns.ts';
import { executionName, type LedgerEntry } from '../ledger/entry.ts';
import type { IngestContext } from '../pipeline.ts';
import type { ObjectRef } from '../types.ts';

export type Admission =
    /** New: its ingest execution has been started. */
    | { readonly outcome: 'started'; readonly entry: LedgerEntry }
    /** Known: nothing to do. */
    | { readonly outcome: 'known'; readonly entry: LedgerEntry }
    /** No contract covers it; it stands in the ledger as rejected. */
    | { readonly outcome: 'rejected'; readonly entry: LedgerEntry }
    /** Not a landed file, or gone before anyone looked. */
    | { readonly outcome: 'ignored'; readonly reason: string };

type AdmitContext = Pick<IngestContext, 'contracts' | 'landing' | 'ledger' | 'executions'>;

/** Takes one object into the pipeline. Any number of calls for one object start one execution. */
export async function admit(context: AdmitContext, object: ObjectRef): Promise<Admission> {
    const [area, folder] = object.key.split('/');
    const fileName = object.key.split('/').at(-1);
    if (area !== 'landing' || !fileName) return { outcome: 'ignored', reason: `${object.key} is not below landing/` };
    const head = await context.landing.head(object);
    if (!head) return { outcome: 'ignored', reason: `${object.key} is not there any more` };

    const dataset = context.contracts.has(folder ?? '') ? folder : datasetOfFile(context.contracts, fileName);
    const { entry, created } = await context.ledger.receive({ object, dataset: dataset ?? 'unknown', ...head });
    if (!dataset) {
        return {
            outcome: 'rejected',
            entry: await context.ledger.markRejected(entry.id, unknownDataset(context, fileName)),
        };
    }
    if (entry.state !== 'received') return { outcome: 'known', entry };
    await context.executions.start('ingest', executionName(entry), { id: entry.id, attempt: entry.attempt });
    return { outcome: created ? 'started' : 'known', entry };
}

function unknownDataset({ contracts }: AdmitContext, fileName: string): string {
    const patterns = [...contracts.values()].map(({ dataset, filePatterns }) => {
        const stems = new Set(filePatterns.map((pattern) => pattern.replace(/\.\w+$/, '')));
        return `${dataset} (${[...stems].join(', ')})`;
    });
    return (
        `No contract covers ${fileName}. Expected a file of one of: ${patterns.join('; ')}. ` +
        'Name the dataset (cartlake ingest FILE --dataset NAME), rename the file, or write a contract (docs/contracts.md).'
    );
}
