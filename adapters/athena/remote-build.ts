import { createHash } from 'node:crypto';
import type { BuildRequest, BuiltTable, Computing, DataRow, Statement } from '#core/build/ports.ts';
import { DataError, type PipelineError, ThrottledError, TransientError } from '#core/errors.ts';
import type { BlobStore } from '#core/store/ports.ts';
import type { Column, IsoInstant } from '#core/types.ts';
import type { WorkTables } from '../glue/work-tables.ts';
import { builtTable } from './built-table.ts';
import { type Notes, readNotes } from './notes.ts';
import type { Queries } from './queries.ts';
import { renderForAthena } from './render.ts';
import { measureText, unloadText } from './statements.ts';

export interface RemoteBuildParts {
    readonly queries: Queries;
    readonly tables: WorkTables;
    readonly blobs: BlobStore;
    /** `s3://bucket` */
    readonly lakeUri: string;
    /** The columns of a statement's result. */
    describe(statement: Statement): Promise<readonly Column[]>;
    readonly now: () => IsoInstant;
}

const MOST_ATTEMPTS = 4;

/**
 * One batch of a build: UNLOAD to a place of its own, then a query that measures what was written. Each call takes the
 * next step that is due and returns; the notes carry what is known from call to call.
 */
export async function remoteBuild(parts: RemoteBuildParts, request: BuildRequest): Promise<BuiltTable | Computing> {
    const { blobs, queries } = parts;
    const save = async (notes: Notes) => {
        await blobs.putText(request.notes, JSON.stringify(notes));
        return notes;
    };
    const known = await readNotes(blobs, request.notes);
    if (known?.built) return known.built;
    const notes = known ?? (await save(await firstNotes(parts, request)));
    if (notes.unload === undefined) {
        return waiting(parts, await save({ ...notes, unload: await startUnload(parts, request, notes) }));
    }
    const id = notes.measure ?? notes.unload;
    const status = await queries.poll(id);
    if (status.state === 'running') return waiting(parts, notes);
    const scannedBytes = notes.scannedBytes + status.scannedBytes;
    if (status.state === 'failed') {
        await save({ ...anew(notes, parts.now()), scannedBytes });
        throw worthRetrying(status.error, notes.attempt);
    }
    if (notes.measure === undefined) {
        const measured = { ...notes, scannedBytes };
        const measure = await startMeasure(parts, request, measured);
        if (measure !== undefined) return waiting(parts, await save({ ...measured, measure }));
        return finish(measured, []);
    }
    return finish({ ...notes, scannedBytes }, await queries.rows(id));

    async function finish(last: Notes, measures: readonly DataRow[]): Promise<BuiltTable> {
        const written = await blobs.list(request.place);
        const folder = attemptOf(last);
        const isOurs = ({ key }: { key: string }) => key.startsWith(`${request.place}/${folder}/`);
        // What tries before this one left is in nobody's way, and in nobody's table.
        await blobs.remove(written.filter((file) => !isOurs(file)).map(({ key }) => key));
        const built = builtTable(last.columns, request.place, written.filter(isOurs), measures);
        await save({ ...last, built });
        return built;
    }
}

async function firstNotes(parts: RemoteBuildParts, { statement }: BuildRequest): Promise<Notes> {
    const columns = await parts.describe(statement);
    const nothing = { unload: undefined, measure: undefined, scannedBytes: 0, built: undefined };
    return { attempt: 1, startedAt: parts.now(), columns, ...nothing };
}

/** The place of a try that failed may hold a part of its rows: the next one gets another. */
function anew(notes: Notes, startedAt: IsoInstant): Notes {
    return { ...notes, attempt: notes.attempt + 1, startedAt, unload: undefined, measure: undefined };
}

function worthRetrying(error: PipelineError, attempt: number): PipelineError {
    const isPassing = error instanceof TransientError || error instanceof ThrottledError;
    if (!isPassing || attempt < MOST_ATTEMPTS) return error;
    return new DataError(`${error.message} It was tried ${attempt} times.`, { cause: error });
}

function attemptOf({ attempt }: Notes): string {
    return `attempt=${attempt}`;
}

async function startUnload(parts: RemoteBuildParts, request: BuildRequest, notes: Notes): Promise<string> {
    const sql = await renderForAthena(request.statement, parts.tables);
    const place = `${request.place}/${attemptOf(notes)}`;
    const text = unloadText(sql, notes.columns, request.byDate, `${parts.lakeUri}/${place}`);
    return parts.queries.start(text, tokenOf('unload', place, text));
}

/** Undefined when nothing was written: then there were no rows. */
async function startMeasure(parts: RemoteBuildParts, request: BuildRequest, notes: Notes): Promise<string | undefined> {
    const place = `${request.place}/${attemptOf(notes)}`;
    const files = (await parts.blobs.list(place)).filter(({ size }) => size > 0).map(({ key }) => key);
    if (files.length === 0) return undefined;
    const table = await parts.tables.over('built', notes.columns, files);
    const text = measureText(table, notes.columns, request.byDate?.column);
    return parts.queries.start(text, tokenOf('measure', place, text));
}

/** The same step of the same try has the same token, so that asking twice starts one query. */
function tokenOf(...parts: readonly string[]): string {
    return createHash('sha256').update(parts.join('\n')).digest('hex');
}

const SOONEST_SECONDS = 2;
const LATEST_SECONDS = 60;

/** Long queries are asked about less often: an execution of a machine has a limited history. */
function waiting({ now }: RemoteBuildParts, { startedAt }: Notes): Computing {
    const age = (Date.parse(now()) - Date.parse(startedAt)) / 1000;
    return { askAgainInSeconds: Math.min(Math.max(Math.round(age / 5), SOONEST_SECONDS), LATEST_SECONDS) };
}
