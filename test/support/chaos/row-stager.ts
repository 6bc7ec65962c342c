import type { FileReader, StageRequest, Stager } from '#core/ingest/ports.ts';
import type { Disk } from '../fakes/disk.ts';

/** Reads files of the disk; the chaos tests' files are plain. */
export function createRowReader(disk: Disk): FileReader {
    return {
        head: async (path) => ({ bytes: disk.read(path), compression: 'none' }),
        plain: async (path) => path,
        version: async (path) => disk.read(path).toString('hex'),
        remove: async (path) => disk.remove(path),
    };
}

/** Types rows the short way: columns called `bigint` hold whole numbers, rows are kept as lines of JSON. */
export function createRowStager(disk: Disk): Stager {
    return {
        parquetColumns: async () => [],
        stageParts: noArchives,
        redrive: noArchives,
        join: noArchives,
        async stage(request) {
            const [heading = '', ...lines] = disk.read(request.path).toString().trimEnd().split('\n');
            const names = heading.split(',');
            const accepted: string[] = [];
            const rejected: string[] = [];
            const reasons: Record<string, number> = {};
            const dates: Record<string, number> = {};
            for (const [index, line] of lines.entries()) {
                const fields = line.split(',');
                const { row, faults } = typed(request, (name) => fields[names.indexOf(name)] ?? '');
                for (const fault of faults) reasons[fault] = (reasons[fault] ?? 0) + 1;
                if (faults.length > 0)
                    rejected.push(JSON.stringify({ _source_row: index + 1, reasons: faults, raw: line }));
                else accepted.push(JSON.stringify(row));
                const date = row[request.contract.dateColumn ?? ''];
                if (faults.length === 0 && date !== undefined) dates[date] = (dates[date] ?? 0) + 1;
            }
            const newest = Object.keys(dates).sort().at(-1);
            return {
                read: lines.length,
                accepted: accepted.length,
                rejected: rejected.length,
                reasons,
                dates,
                newest: newest && `${newest}T00:00:00.000Z`,
                acceptedPath: write(disk, `${request.folder}/accepted.parquet`, accepted),
                rejectedPath: write(disk, `${request.folder}/rejected.parquet`, rejected),
            };
        },
    };
}

async function noArchives(): Promise<never> {
    throw new Error('the chaos tests land no archives');
}

function typed({ contract, mapping }: StageRequest, field: (heading: string) => string) {
    const row: Record<string, string | number> = {};
    const faults: string[] = [];
    for (const { name, type, required } of contract.columns) {
        const text = field(mapping[name]?.[0] ?? '');
        if (required && text === '') faults.push(`${name}: missing_value`);
        else if (type === 'bigint' && !/^-?\d+$/.test(text)) faults.push(`${name}: not_an_integer`);
        else row[name] = type === 'bigint' ? Number(text) : text;
    }
    return { row: row as Record<string, string>, faults };
}

function write(disk: Disk, path: string, lines: readonly string[]): string | undefined {
    if (lines.length === 0) return undefined;
    disk.write(path, lines.join('\n'));
    return path;
}
