import { describe, expect, it } from 'vitest';
import { DataError } from '#core/errors.ts';
import type { MartChange, MartPublisher, PublishMart } from '#core/publish/publisher.ts';
import { StaleBaseError } from '#core/publish/stale-base-error.ts';

/** A publisher with an empty database, and how a test reads a mart's rows there. */
export interface PublisherUnderTest {
    readonly publisher: MartPublisher;
    /** Rows of the columns id and name in the order of ids. */
    rows(table: string): Promise<(string | null)[][]>;
}

async function* lines(...rows: string[]): AsyncGenerator<string> {
    for (const row of rows) yield `${row}\n`;
}

const full = (...rows: string[]): MartChange => ({ kind: 'full', rows: lines(...rows) });
const aMart = (versionId: string, change: MartChange, table = 'things'): PublishMart => ({
    table,
    columns: [
        { name: 'id', type: 'bigint' },
        { name: 'name', type: 'varchar' },
    ],
    key: ['id'],
    versionId,
    change,
});
const aDelta = (baseVersionId: string, upserts: string[], deletes: string[]): MartChange => ({
    kind: 'delta',
    baseVersionId,
    upserts: lines(...upserts),
    deletes: lines(...deletes),
});

/** What every publisher promises. `make` gives one over an empty database. */
export function describeMartPublisher(name: string, make: () => Promise<PublisherUnderTest>): void {
    describe(`the publisher of ${name}`, () => {
        const published = async () => {
            const made = await make();
            await made.publisher.publish({ runId: 'r1', marts: [aMart('v1', full('1,"a"', '2,', '3,""'))] });
            return made;
        };

        it('shows all rows of a version and says which it is', async () => {
            const { publisher, rows } = await published();

            expect(await rows('things')).toEqual([
                ['1', 'a'],
                ['2', null],
                ['3', ''],
            ]);
            expect(await publisher.currentVersions()).toEqual(new Map([['things', 'v1']]));
        });

        it('applies what changed and counts it', async () => {
            const { publisher, rows } = await published();
            const mart = aMart('v2', aDelta('v1', ['2,"b ""x"""', '4,"d"'], ['1', '9']));

            expect(await publisher.publish({ runId: 'r2', marts: [mart] })).toEqual([
                { mart: 'things', inserted: 1, updated: 1, deleted: 1, skipped: false },
            ]);
            expect(await rows('things')).toEqual([
                ['2', 'b "x"'],
                ['3', ''],
                ['4', 'd'],
            ]);
        });

        it('does nothing for a version it shows already', async () => {
            const { publisher } = await published();

            expect(await publisher.publish({ runId: 'r2', marts: [aMart('v1', full('7,"x"'))] })).toMatchObject([
                { skipped: true },
            ]);
        });

        it('refuses a delta to another version than the one it shows', async () => {
            const { publisher, rows } = await published();
            const publishing = publisher.publish({ runId: 'r2', marts: [aMart('v3', aDelta('v2', ['1,"z"'], []))] });

            await expect(publishing).rejects.toThrow(StaleBaseError);
            expect((await rows('things'))[0]).toEqual(['1', 'a']);
        });

        it('refuses all rows of a version that was to replace another than the one it shows', async () => {
            const { publisher, rows } = await published();
            for (const replaces of ['v0', null]) {
                const change: MartChange = { kind: 'full', rows: lines('1,"late"'), replaces };
                const publishing = publisher.publish({ runId: 'r0', marts: [aMart('v9', change)] });
                await expect(publishing).rejects.toThrow('published');
            }
            const change: MartChange = { kind: 'full', rows: lines('1,"next"'), replaces: 'v1' };
            await publisher.publish({ runId: 'r2', marts: [aMart('v2', change)] });

            expect(await rows('things')).toEqual([['1', 'next']]);
        });

        it('does what is asked over one connection in turn, and throws what the work throws', async () => {
            const { publisher, rows } = await published();

            const versions = await publisher.connected(async (database) => {
                const before = await database.currentVersions();
                const mart = aMart('v2', aDelta(before.get('things') ?? '', ['1,"b"'], []));
                await database.publish({ runId: 'r2', marts: [mart] });
                return database.currentVersions();
            });
            const gaveUp = new Error('the caller gave up');

            expect(versions).toEqual(new Map([['things', 'v2']]));
            expect((await rows('things'))[0]).toEqual(['1', 'b']);
            await expect(publisher.connected(() => Promise.reject(gaveUp))).rejects.toBe(gaveUp);
        });

        it('changes all marts of a run or none', async () => {
            const { publisher, rows } = await published();
            const good = aMart('v2', full('1,"new"'));
            const bad = aMart('v1', full('1,"x"', '1,"y"'), 'others');

            await expect(publisher.publish({ runId: 'r2', marts: [good, bad] })).rejects.toThrow(DataError);
            expect(await rows('things')).toHaveLength(3);
            expect(await publisher.currentVersions()).toEqual(new Map([['things', 'v1']]));
        });
    });
}
