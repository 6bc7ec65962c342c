import { createHash } from 'node:crypto';
import type { Pointer } from '#core/catalog/catalog.ts';
import type { TableVersion } from '#core/catalog/version.ts';
import type { MartPublisher } from '#core/publish/publisher.ts';
import { rowsOf } from './row-engine.ts';
import type { Stores } from './stores.ts';

/** The rows of a promoted version, or what is wrong with its files. */
export function rowsOfVersion({ blobs }: Pick<Stores, 'blobs'>, version: TableVersion) {
    const faults: string[] = [];
    const rows = Object.entries(version.parts).flatMap(([name, part]) => {
        if (part.file === undefined) return [];
        const text = blobs.files.get(part.file)?.toString() ?? '';
        const isSame = createHash('sha256').update(text).digest('hex') === part.hash;
        if (!isSame) faults.push(`${version.model}: the part ${name} of a promoted version was changed or removed`);
        return isSame ? rowsOf(text) : [];
    });
    return { rows, faults };
}

/**
 * Looks at what readers see, at each moment it changes: checked versions whose files are there, rows
 * that the log names.
 */
export function watch(stores: Stores, publisher: MartPublisher, violations: string[]): void {
    stores.control.afterWrite = (key, value) => {
        if (!key.startsWith('control/catalog/')) return;
        const { model, current } = value as Pointer;
        const text = stores.blobs.files.get(`catalog/${model}/${current.version}.json`)?.toString();
        if (text === undefined) {
            violations.push(`${model}: promoted to a version nobody described`);
            return;
        }
        const { rows, faults } = rowsOfVersion(stores, JSON.parse(text) as TableVersion);
        violations.push(...faults);
        if (model === 'balance' && rows.some(({ amount }) => amount !== 0)) {
            violations.push('balance: readers see a version that fails its check');
        }
    };
    stores.publisher.afterCommit = async () => {
        const logged = publisher.currentVersions();
        for (const [table, { version }] of [...stores.publisher.marts]) {
            if ((await logged).get(table) === version) continue;
            violations.push(`${table}: the database shows rows of a version its log does not name`);
        }
    };
    stores.publisher.beforeCommit = (marts) => {
        for (const row of marts.get('balance')?.rows.values() ?? []) {
            if (row[1] !== '0') violations.push('balance: the database shows a version that fails its check');
        }
    };
}
