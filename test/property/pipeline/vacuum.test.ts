import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ConflictError, UsageError } from '#core/errors.ts';
import { vacuum } from '#core/vacuum/vacuum.ts';
import { anAgingLake } from '#test/support/aging-lake.ts';

/** What a person or another process may run into and does again; losing a file is not among these. */
const onlyLostRaces = (error: unknown) => {
    if (!(error instanceof ConflictError) && !(error instanceof UsageError)) throw error;
};

it('removes nothing that a build, an ingest, a person or another vacuum beside it needs, in any order of their steps', async () => {
    await fc.assert(
        fc.asyncProperty(
            fc.scheduler(),
            fc.array(fc.constantFrom('a', 'bb', 'cc', 'ddd'), { minLength: 2, maxLength: 6 }),
            fc.constantFrom('a', 'bb', 'new'),
            fc.boolean(),
            async (scheduler, earlier, next, goesBack) => {
                let isConcurrent = false;
                const lake = anAgingLake(async () => {
                    if (isConcurrent) await scheduler.schedule(Promise.resolve());
                });
                for (const [index, content] of earlier.entries()) {
                    lake.setDay(index * 10);
                    await lake.restage(index % 2 === 0 ? 'odd' : 'even');
                    await lake.build(content);
                }
                if (goesBack) await lake.context.catalog.rollback('m', lake.context.now()).catch(onlyLostRaces);
                lake.setDay(earlier.length * 10 + 100);
                isConcurrent = true;
                const { catalog, now } = lake.context;
                const all = Promise.all([
                    vacuum(lake.context, { keepDays: 1, dryRun: false }),
                    vacuum(lake.context, { keepDays: 30, dryRun: false }),
                    lake.build(next).catch(onlyLostRaces),
                    lake.restage('odd'),
                    catalog.rollback('m', now()).catch(onlyLostRaces),
                    catalog.release('m'),
                ]);
                await scheduler.waitFor(all);
                isConcurrent = false;

                expect(await lake.missing()).toEqual([]);
                await catalog.release('m');
                await lake.build(`${next} again`);
                expect(await lake.missing()).toEqual([]);
            },
        ),
        { numRuns: 200 },
    );
});
