import { ConflictError } from '../errors.ts';
import type { ExecutionStatus, Executions } from '../execution/executions.ts';
import type { ControlStore } from '../store/ports.ts';
import { swap } from '../store/swap.ts';

/**
 * One document decides who builds: a counter of requests, the last request a finished build covers, and the
 * execution that builds now. Requests that arrive during a build are covered by the next one.
 */
export interface BuildRequests {
    readonly requested: number;
    readonly built: number;
    /** Name of the build execution that owns the build, if one does. */
    readonly owner: string | undefined;
    /** Builds that did not come to their end, since one did, and how their executions ended. */
    readonly replaced?: readonly ReplacedBuild[];
}

export interface ReplacedBuild {
    readonly run: string;
    readonly status: ExecutionStatus;
}

type RequestContext = { readonly control: ControlStore; readonly executions: Executions };

const KEY = 'control/build-requests';
const NONE: BuildRequests = { requested: 0, built: 0, owner: undefined };

export async function readRequests(control: ControlStore): Promise<BuildRequests> {
    return (await control.read<BuildRequests>(KEY))?.value ?? NONE;
}

/** Asks for a build that covers everything registered up to now. Returns the number of the request. */
export async function requestBuild(context: RequestContext): Promise<number> {
    const after = await swap<BuildRequests>(context.control, KEY, (current = NONE) => ({
        ...current,
        requested: current.requested + 1,
    }));
    const number = (after as BuildRequests).requested;
    await ensureBuilder(context);
    return number;
}

/** Starts a build when one is wanted and none runs. A builder that died without a word is replaced. */
export async function ensureBuilder({ control, executions }: RequestContext): Promise<void> {
    const state = await readRequests(control);
    if (state.requested <= state.built) return;
    const status = state.owner === undefined ? undefined : await executions.status('build', state.owner);
    if (status === 'RUNNING') return;
    const owner = nameAfter(state.owner, state.requested);
    const won = await swap<BuildRequests>(control, KEY, (current = NONE) =>
        current.owner === state.owner && current.requested > current.built
            ? { ...current, owner, ...replacing(current, status) }
            : undefined,
    );
    // The owner is written before the start. Whoever finds an owner without a running execution takes over, and a
    // build that finds itself replaced when it plans does nothing.
    if (won?.owner === owner) await executions.start('build', owner, { build: owner });
}

/**
 * Throws ConflictError when another build took over from this one. Asked before each step that readers can see: a
 * builder that was taken for dead and is not must not put older rows over newer ones.
 */
export async function requireOwner(control: ControlStore, run: string): Promise<BuildRequests> {
    const requests = await readRequests(control);
    if (requests.owner !== run) {
        throw new ConflictError(`Build ${run} was replaced by ${requests.owner ?? 'a finished build'}; nothing to do.`);
    }
    return requests;
}

/** Called by a build when it ends: what it covered is done, and the next build starts if more was requested. */
export async function finishBuild(context: RequestContext, owner: string, covered: number): Promise<BuildRequests> {
    const after = await swap<BuildRequests>(context.control, KEY, ({ replaced: _, ...current } = NONE) =>
        current.owner === owner ? { ...current, built: Math.max(current.built, covered), owner: undefined } : undefined,
    );
    await ensureBuilder(context);
    return after ?? NONE;
}

/** A build that never began has nothing to tell. */
function replacing({ owner, replaced = [] }: BuildRequests, status: ExecutionStatus | undefined) {
    if (owner === undefined || status === undefined) return {};
    return { replaced: [...replaced, { run: owner, status }] };
}

/** `build-<request>-<try>`: a new name for each execution, the same for everybody who wants to replace the same owner. */
function nameAfter(owner: string | undefined, requested: number): string {
    const [, , attempt] = /^build-(\d+)-(\d+)$/.exec(owner ?? '') ?? [];
    return `build-${requested}-${Number(attempt ?? 0) + 1}`;
}
