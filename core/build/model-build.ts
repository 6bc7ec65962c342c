import { randomUUID } from 'node:crypto';
import type { Catalog } from '../catalog/catalog.ts';
import { sealVersion, type TablePart, type TableVersion, WHOLE } from '../catalog/version.ts';
import { DataError } from '../errors.ts';
import type { Model, SqlModel, TypeScriptModel } from '../models/model.ts';
import { relationSql, renderSql } from '../models/render.ts';
import type { BlobStore } from '../store/ports.ts';
import type { IsoDate, IsoInstant } from '../types.ts';
import { batchesOf } from './batches.ts';
import { rangesOf } from './dates.ts';
import { fingerprintsOf, OWN_DATES } from './fingerprints.ts';
import { type Input, type InputSource, resolveInput, versionsOf, watermarkOf } from './inputs.ts';
import { type PackedBatch, packedBatch, packFor, packUntilOf } from './pack.ts';
import {
    type BoundInput,
    type BuildRequest,
    type BuiltPart,
    type BuiltTable,
    type Computing,
    isComputing,
    type TableEngine,
} from './ports.ts';
import { bindInput, watermarkRelation } from './relations.ts';

export interface BuildContext extends InputSource {
    readonly catalog: Catalog;
    readonly blobs: BlobStore;
    readonly engine: TableEngine;
    readonly now: () => IsoInstant;
    removeScratch(folder: string): Promise<void>;
}

/** What a model's table lacks: parts to compute, and parts whose inputs are gone. */
export interface Staleness {
    readonly fingerprints: ReadonlyMap<string, string>;
    readonly stale: readonly string[];
    readonly gone: readonly string[];
}

/** A model with its inputs as they stand for this run. */
export interface PreparedModel extends Staleness {
    readonly model: Model;
    readonly inputs: ReadonlyMap<string, Input>;
    readonly watermark: IsoInstant | undefined;
    /** Inputs that are read for the dates being built, some of them for the model's window as well. */
    readonly ownDates: ReadonlySet<string>;
    readonly current: TableVersion | undefined;
}

const WATERMARKS = 'watermarks';
/** Batches of one model that an engine elsewhere computes side by side. */
const BATCHES_AT_ONCE = 4;

/** Compares what a model's table was computed from with what it would be computed from now. */
export async function prepareModel(context: BuildContext, model: Model): Promise<PreparedModel> {
    const inputs = new Map<string, Input>();
    for (const name of context.graph.upstream(model.name)) {
        if (name !== WATERMARKS) inputs.set(name, await resolveInput(context, name));
    }
    const watermark = model.watermark === undefined ? undefined : await watermarkOf(context, model.watermark);
    const versions = new Map([...inputs].map(([name, input]) => [name, versionsOf(input)]));
    const ownDates = context.graph.ownDates(model.name);
    const fingerprints = fingerprintsOf(model, context.graph.code(model.name), versions, watermark, ownDates.only);
    const current = await context.catalog.current(model.name);
    const parts = current?.parts ?? {};
    return {
        model,
        inputs,
        watermark,
        ownDates: ownDates.some,
        current,
        fingerprints,
        stale: [...fingerprints].filter(([part, inputs]) => parts[part]?.inputs !== inputs).map(([part]) => part),
        gone: Object.keys(parts).filter((part) => !fingerprints.has(part)),
    };
}

/**
 * Computes the parts a model's table lacks and returns the version it would have, with all files in place but
 * nothing promoted. Returns undefined when the table is as it should be, and when to call again with the same
 * arguments while an engine computes.
 */
export async function buildModel(
    context: BuildContext,
    prepared: PreparedModel,
    run: string,
): Promise<TableVersion | Computing | undefined> {
    const { model, current, stale, gone } = prepared;
    if (stale.length === 0 && gone.length === 0 && current) return undefined;
    const parts: Record<string, TablePart> = {};
    for (const [name, part] of Object.entries(current?.parts ?? {})) {
        if (!stale.includes(name) && !gone.includes(name)) parts[name] = part;
    }
    let columns = current?.columns ?? [];
    requireInputs(prepared);
    const batches = model.kind === 'by_date' ? batchesOf(prepared, context.engine.limits) : [[WHOLE]];
    // A first version without any date still has columns.
    if (batches.length === 0 && columns.length === 0) batches.push([]);
    const isAnew = Object.keys(parts).length === 0;
    const packed: PackedBatch[] = [];
    const waits: number[] = [];
    for (const [index, batch] of batches.entries()) {
        if (waits.length === BATCHES_AT_ONCE) break;
        const folder = await context.blobs.scratch();
        try {
            const place = `marts/${model.name}/run=${run}/batch=${index}`;
            const notes = `runs/${run}/queries/${model.name}/batch=${index}.json`;
            const later = batches.slice(index + 1).flat();
            const packUntil = isAnew ? packUntilOf(context, model, { parts, later }) : undefined;
            const built =
                model.language === 'sql'
                    ? await buildSql(context, prepared, model, batch, { folder, place, notes, packUntil })
                    : await buildRows(context, prepared, model, folder);
            if (isComputing(built)) {
                waits.push(built.askAgainInSeconds);
                continue;
            }
            if (built.columns.length > 0) columns = built.columns;
            for (const name of batch) parts[name] = emptyPart(prepared.fingerprints.get(name) ?? '');
            // A place for each attempt: one that was given up and goes on must not touch what another one promoted.
            const kept = built.folder === undefined ? place : `${place}/${randomUUID().slice(0, 8)}`;
            if (built.folder !== undefined) await context.blobs.put(kept, built.folder);
            for (const { part, ...measured } of built.parts) {
                parts[part] = { ...inPlace(kept, measured), inputs: prepared.fingerprints.get(part) ?? '' };
            }
            packed.push(...packedBatch(kept, built));
        } finally {
            await context.removeScratch(folder);
        }
    }
    if (waits.length > 0) return { askAgainInSeconds: Math.min(...waits) };
    const base = current?.id ?? null;
    const place = `marts/${model.name}/run=${run}/pack`;
    const pack = await packFor(context, model, { parts, columns }, current, { place, packed });
    return sealVersion({ model: model.name, run, base, builtAt: context.now(), columns, parts, ...(pack && { pack }) });
}

function requireInputs({ model, inputs }: PreparedModel): void {
    for (const [name, input] of inputs) {
        if (input.kind === 'table' && !input.version) {
            throw new DataError(`${model.name} waits for ${name}, which has no good version yet. See cartlake status.`);
        }
    }
}

/** A part's files under their keys. */
function inPlace(place: string, { furtherFiles, ...part }: Omit<BuiltPart, 'part'>): Omit<TablePart, 'inputs'> {
    const key = (file: string) => `${place}/${file}`;
    return { ...part, file: key(part.file), ...(furtherFiles && { furtherFiles: furtherFiles.map(key) }) };
}

function emptyPart(inputs: string): TablePart {
    return { file: undefined, rows: 0, bytes: 0, hash: 'empty', inputs };
}

async function buildSql(
    context: BuildContext,
    prepared: PreparedModel,
    model: SqlModel,
    batch: readonly string[],
    where: Pick<BuildRequest, 'folder' | 'place' | 'notes' | 'packUntil'>,
): Promise<BuiltTable | Computing> {
    const dates: readonly IsoDate[] | undefined = model.kind === 'by_date' ? batch : undefined;
    return context.engine.build({
        statement: {
            inputs: boundInputs(prepared, dates),
            render: (bind) =>
                renderSql(context.graph, model.name, (leaf, span) => bind(span === 'own' ? ofOwnDates(leaf) : leaf)),
        },
        key: model.key,
        byDate: dates && { column: model.dateColumn as string, ranges: rangesOf(dates, 0, 0) },
        ...where,
    });
}

/** A TypeScript model reads its inputs whole; they are aggregated and small. */
async function buildRows(
    context: BuildContext,
    prepared: PreparedModel,
    model: TypeScriptModel,
    folder: string,
): Promise<BuiltTable> {
    const inputs = boundInputs(prepared, undefined);
    const read = new Map<string, readonly Readonly<Record<string, unknown>>[]>();
    for (const ref of model.refs) {
        const render = (bind: (name: string) => string) =>
            `select * from ${relationSql(context.graph, ref, bind)} as input`;
        read.set(ref, await context.engine.rows({ inputs, render }));
    }
    const rows = await model.build({
        rows: (ref) => {
            const found = read.get(ref);
            if (!found) throw new DataError(`Model ${model.name} reads ${ref} but does not list it in refs.`);
            return found;
        },
    });
    return context.engine.write(rows, model.columns, model.key, folder);
}

/** The name under which an input is bound to the dates being built alone; no leaf can have it. */
function ofOwnDates(leaf: string): string {
    return `${leaf}, own dates`;
}

/** All leaves of a model as relations, narrowed to what some output dates can depend on. */
export function boundInputs(prepared: PreparedModel, dates: readonly IsoDate[] | undefined): Map<string, BoundInput> {
    const { model, inputs, watermark, ownDates } = prepared;
    const bound = new Map([...inputs].map(([name, input]) => [name, bindInput(input, model, dates)]));
    for (const name of ownDates) bound.set(ofOwnDates(name), bindInput(inputs.get(name) as Input, OWN_DATES, dates));
    bound.set(WATERMARKS, watermarkRelation(model.watermark, watermark));
    return bound;
}
