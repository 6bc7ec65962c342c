import type { CsvRows, MartPublisher, PublishRun } from '#core/publish/publisher.ts';

/** What a test sees of one published mart, with the rows as CSV text. */
export interface SentMart {
    readonly table: string;
    readonly kind: 'full' | 'delta';
    /** All rows, or those inserted and updated. */
    readonly rows: string;
    /** Keys of rows that are gone. */
    readonly deletes: string;
}

/** A database that remembers versions and what was sent. */
export interface FakePublisher extends MartPublisher {
    readonly versions: Map<string, string>;
    readonly sent: SentMart[];
    /** Called before a run is published; what it throws is thrown. */
    beforePublish: (run: PublishRun) => void;
}

export function createFakePublisher(): FakePublisher {
    const publisher: FakePublisher = {
        versions: new Map(),
        sent: [],
        beforePublish: () => undefined,
        connected: (work) => work(publisher),
        currentVersions: async () => new Map(publisher.versions),
        async publish(run) {
            publisher.beforePublish(run);
            for (const { table, versionId, change } of run.marts) {
                const [rows, deletes] =
                    change.kind === 'full' ? [change.rows, undefined] : [change.upserts, change.deletes];
                publisher.sent.push({
                    table,
                    kind: change.kind,
                    rows: await textOf(rows),
                    deletes: deletes ? await textOf(deletes) : '',
                });
                publisher.versions.set(table, versionId);
            }
            return run.marts.map(({ table: mart }) => ({ mart, inserted: 1, updated: 2, deleted: 3, skipped: false }));
        },
    };
    return publisher;
}

async function textOf(rows: CsvRows): Promise<string> {
    let text = '';
    for await (const chunk of rows) text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    return text;
}
