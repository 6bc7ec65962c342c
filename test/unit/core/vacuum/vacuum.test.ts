import { describe, expect, it } from 'vitest';
import { vacuum } from '#core/vacuum/vacuum.ts';
import { anAgingLake } from '#test/support/aging-lake.ts';
import { describeOldFiles } from '#test/support/store-contracts/old-files.ts';

// The fake of these tests keeps the promises of the port.
describeOldFiles('lakes whose clock a test moves', async () => anAgingLake().context);

async function aLakeOf(contents: readonly string[], daysBetween = 10) {
    const lake = anAgingLake();
    for (const [index, content] of contents.entries()) {
        lake.setDay(index * daysBetween);
        await lake.restage(`contract-${content}`);
        await lake.build(content);
    }
    return lake;
}

const keysOf = (lake: Awaited<ReturnType<typeof aLakeOf>>, place: string) =>
    [...lake.blobs.files.keys()].filter((key) => key.startsWith(`${place}/`)).sort();

describe('vacuum', () => {
    it('removes versions nobody saw for the days it keeps, their files and the notes of their runs', async () => {
        const lake = await aLakeOf(['a', 'b', 'c', 'd']);
        lake.setDay(100);
        const done = await vacuum(lake.context, { keepDays: 30, dryRun: false });

        expect(done.versions).toEqual({ m: 2 });
        expect(keysOf(lake, 'catalog')).toHaveLength(2);
        expect(keysOf(lake, 'marts').map((key) => key.slice(-9, -8))).toEqual(['c', 'd']);
        expect(keysOf(lake, 'staging').map((key) => key.split('/')[3])).toEqual(['contract-d']);
        expect(new Set(keysOf(lake, 'runs').map((key) => key.split('/')[1])).size).toBe(2);
        expect(await lake.missing()).toEqual([]);
    });

    it('keeps every version readers saw in these days', async () => {
        const lake = await aLakeOf(['a', 'b', 'c', 'd']);
        lake.setDay(40);
        const done = await vacuum(lake.context, { keepDays: 30, dryRun: false });

        expect(done.versions).toEqual({});
        expect(keysOf(lake, 'catalog')).toHaveLength(4);
    });

    it('removes nothing the second time', async () => {
        const lake = await aLakeOf(['a', 'b', 'c', 'd']);
        lake.setDay(100);
        const first = await vacuum(lake.context, { keepDays: 30, dryRun: false });
        const second = await vacuum(lake.context, { keepDays: 30, dryRun: false });

        expect(first.files).toBeGreaterThan(0);
        expect(second).toEqual({ versions: {}, removed: {}, files: 0, bytes: 0 });
    });

    it('says in a dry run what it then removes, and removes nothing', async () => {
        const lake = await aLakeOf(['a', 'b', 'c', 'd']);
        lake.setDay(100);
        const before = [...lake.blobs.files.keys()];
        const told = await vacuum(lake.context, { keepDays: 30, dryRun: true });

        expect([...lake.blobs.files.keys()]).toEqual(before);
        expect(await vacuum(lake.context, { keepDays: 30, dryRun: false })).toEqual(told);
    });

    it('leaves the version a pinned table shows and the one before it', async () => {
        const lake = await aLakeOf(['a', 'b', 'c', 'd']);
        lake.setDay(35);
        const { version } = (await lake.context.catalog.rollback('m', lake.context.now())).current;
        lake.setDay(200);
        await vacuum(lake.context, { keepDays: 30, dryRun: false });

        expect((await lake.context.catalog.current('m'))?.id).toBe(version);
        await lake.context.catalog.rollback('m', lake.context.now());
        expect(await lake.missing()).toEqual([]);
    });

    it('refuses to go back to a removed version and names those that are left', async () => {
        const lake = await aLakeOf(['a', 'b', 'c', 'd']);
        const { catalog, now } = lake.context;
        const oldest = (await catalog.pointer('m'))?.history.at(-1)?.version ?? '';
        lake.setDay(100);
        await vacuum(lake.context, { keepDays: 30, dryRun: false });

        await expect(catalog.rollback('m', now(), oldest)).rejects.toThrow(`m has no earlier version ${oldest}`);
    });

    it('leaves what a running build froze and wrote, however old', async () => {
        const lake = await aLakeOf(['a', 'b']);
        lake.setDay(20);
        await lake.build('c', { finish: false });
        lake.setDay(60);
        await lake.restage('contract-new');
        lake.setDay(100);
        await vacuum(lake.context, { keepDays: 1, dryRun: false });

        expect(keysOf(lake, 'staging').map((key) => key.split('/')[3])).toEqual(['contract-b', 'contract-new']);
    });

    it('leaves all staged rows while a build plans', async () => {
        const lake = await aLakeOf(['a', 'b']);
        await lake.context.control.replace(
            'control/build-requests',
            { requested: 20_000, built: 2, owner: 'build-20000-1' },
            (await lake.context.control.read('control/build-requests'))?.etag ?? '',
        );
        lake.setDay(100);
        await vacuum(lake.context, { keepDays: 1, dryRun: false });

        expect(keysOf(lake, 'staging')).toHaveLength(2);
    });

    it('leaves tables that recorded analyses were made from', async () => {
        const lake = await aLakeOf(['a', 'b', 'c', 'd']);
        const [oldest = ''] = keysOf(lake, 'marts');
        await lake.context.blobs.putText(
            'reports/analyses/tables/1.json',
            JSON.stringify({ tables: { m: { files: [oldest] } } }),
        );
        lake.setDay(100);
        await vacuum(lake.context, { keepDays: 1, dryRun: false });

        expect(keysOf(lake, 'marts')).toContain(oldest);
    });
});
