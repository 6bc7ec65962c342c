import type { DatasetStatus } from '#core/status/datasets.ts';
import type { LakeStatus } from '#core/status/lake-status.ts';
import type { ParameterOverrides } from '#core/status/settings.ts';
import type { TableStatus } from '#core/status/tables.ts';
import type { Trouble } from '#core/status/troubles.ts';
import { bytes, count, counted, minute } from './output/numbers.ts';
import { paint } from './output/style.ts';
import { table } from './output/table.ts';

interface Server {
    readonly running: boolean;
    readonly url?: string;
}

/** A lake's state for a terminal; `server` says where its PostgreSQL is. Times are UTC. */
export function statusLines(
    title: string,
    { datasets, tables, builds, troubles }: LakeStatus,
    settings: ParameterOverrides,
    server: string,
): string[] {
    const overrides = Object.entries(settings).flatMap(([dataset, values]) =>
        Object.entries(values).map(([parameter, value]) => `${dataset}.${parameter}=${value}`),
    );
    return [
        paint('bold', title),
        '',
        ...datasetLines(datasets),
        '',
        ...tableLines(tables),
        '',
        ...(overrides.length > 0 ? [`Settings of this lake: ${overrides.join(', ')} (--set)`] : []),
        server,
        ...(builds.running === undefined ? [] : [`A build is running: ${builds.running}`]),
        ...warningLines(tables),
        ...troubleLines(troubles),
    ];
}

function datasetLines(datasets: readonly DatasetStatus[]): string[] {
    const right = { align: 'right' } as const;
    return table(
        [
            { heading: 'dataset' },
            { heading: 'files', ...right },
            { heading: 'rows accepted', ...right },
            { heading: 'rejected', ...right },
            { heading: 'size', ...right },
            { heading: 'newest (UTC)' },
        ],
        datasets.map(({ dataset, objects, rows, bytes: size, newest }) => [
            dataset,
            count(objects),
            count(rows.accepted),
            rows.rejected > 0 ? paint('yellow', count(rows.rejected)) : '0',
            bytes(size),
            minute(newest),
        ]),
    );
}

function tableLines(tables: readonly TableStatus[]): string[] {
    const right = { align: 'right' } as const;
    return table(
        [
            { heading: 'table' },
            { heading: 'rows', ...right },
            { heading: 'size', ...right },
            { heading: 'version' },
            { heading: 'since (UTC)' },
            { heading: 'published' },
            { heading: '' },
        ],
        tables.map((each) => [
            each.model,
            each.version === undefined ? '-' : count(each.rows),
            each.version === undefined ? '-' : bytes(each.bytes),
            each.version?.slice(0, 8) ?? '-',
            minute(each.promotedAt),
            publishedWord(each),
            each.pinned ? paint('yellow', 'pinned') : '',
        ]),
    );
}

function publishedWord({ publish, published, version }: TableStatus): string {
    if (publish === undefined) return '';
    if (version === undefined) return 'not yet';
    return published ? `marts.${publish}` : paint('yellow', 'behind');
}

/** Where a lake's PostgreSQL is. */
export function serverLine(server: Server | undefined): string {
    if (server === undefined) return 'PostgreSQL: your own (--postgres)';
    return server.running ? `PostgreSQL: running, ${server.url}` : 'PostgreSQL: not running; cartlake psql starts it';
}

function warningLines(tables: readonly TableStatus[]): string[] {
    return tables.flatMap(({ model, warnings }) =>
        warnings.map(
            ({ check, failing, observed, expected }) =>
                `${paint('yellow', 'check')}  ${model}: ${check} ` +
                (observed === undefined ? `(${counted(failing, 'row')})` : `(found ${observed}, expected ${expected})`),
        ),
    );
}

const SHOWN = 10;

function troubleLines(troubles: readonly Trouble[]): string[] {
    if (troubles.length === 0) return ['Nothing needs a hand.'];
    const lines = troubles.slice(0, SHOWN).flatMap(({ subject, what, next }) => {
        const [first = '', ...rest] = what.split('\n');
        return ['', `${paint('red', subject)}: ${first}`, ...rest.map((line) => `  ${line}`), `  next: ${next}`];
    });
    if (troubles.length > SHOWN) lines.push('', `and ${count(troubles.length - SHOWN)} more (cartlake status --json)`);
    return lines;
}
