import type { CheckResult } from '../build/check.ts';
import { publishedVersions } from '../build/published.ts';
import { runFiles } from '../build/run.ts';
import type { StepContext } from '../build/steps.ts';
import type { Model } from '../models/model.ts';
import type { IsoInstant } from '../types.ts';

/** One model's table as readers see it. */
export interface TableStatus {
    readonly model: string;
    readonly purpose: string;
    readonly kind: Model['kind'];
    /** Undefined before the first build. */
    readonly version: string | undefined;
    readonly content: string | undefined;
    readonly run: string | undefined;
    readonly rows: number;
    readonly bytes: number;
    readonly promotedAt: IsoInstant | undefined;
    /** A person rolled it back: builds leave it alone. */
    readonly pinned: boolean;
    /** Checks of its last build that did not pass. */
    readonly warnings: readonly CheckResult[];
    /** Postgres table it is published to, if any. */
    readonly publish: string | undefined;
    /** The published table shows this version. */
    readonly published: boolean;
}

type TableContext = Pick<StepContext, 'graph' | 'catalog' | 'blobs' | 'control'>;

/** All stored models in the order in which they are built. */
export async function tableStatuses(context: TableContext): Promise<TableStatus[]> {
    const published = await publishedVersions(context.control);
    const stored = context.graph.components.flat(2).map((name) => context.graph.models.get(name) as Model);
    return Promise.all(stored.map((model) => tableStatus(context, model, published)));
}

async function tableStatus(
    context: TableContext,
    model: Model,
    published: Readonly<Record<string, string>>,
): Promise<TableStatus> {
    const pointer = await context.catalog.pointer(model.name);
    const version = pointer && (await context.catalog.version(model.name, pointer.current.version));
    const checks = pointer && (await runFiles(context.blobs, context.control, pointer.current.run).checks(model.name));
    return {
        model: model.name,
        purpose: model.purpose,
        kind: model.kind,
        version: pointer?.current.version,
        content: version?.content,
        run: pointer?.current.run,
        rows: pointer?.current.rows ?? 0,
        bytes: version?.bytes ?? 0,
        promotedAt: pointer?.current.promotedAt,
        pinned: pointer?.pinned ?? false,
        warnings: (checks?.results ?? []).filter(({ status }) => status !== 'pass'),
        publish: model.publish,
        published: version !== undefined && model.publish !== undefined && published[model.publish] === version.content,
    };
}

/** What a stretch of work did to the tables. */
export interface TableChanges {
    /** Tables that readers see in another version than before. */
    readonly built: readonly TableStatus[];
    /** Tables whose published rows are others than before. */
    readonly published: readonly TableStatus[];
}

export function tableChanges(before: readonly TableStatus[], after: readonly TableStatus[]): TableChanges {
    const old = new Map(before.map((table) => [table.model, table]));
    return {
        built: after.filter((table) => table.version !== undefined && table.version !== old.get(table.model)?.version),
        published: after.filter((table) => {
            const known = old.get(table.model);
            return table.published && !(known?.published && known.content === table.content);
        }),
    };
}
