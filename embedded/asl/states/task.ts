import { effectiveInput, LARGEST_PAYLOAD, outputOf, parametersOf } from '../data-flow.ts';
import type { TaskState } from '../definition.ts';
import { type Invocation, scopeOf, type TaskHandler, type Visit } from '../execution.ts';
import { FAILURES, runtimeFailure, StateFailure } from '../failure.ts';
import { dataDetails, type EventDetails } from '../history.ts';
import { type Json, type JsonObject, serialisedSize, throughJson } from '../json.ts';
import { functionName, parseResource, type Resource } from '../resource.ts';
import { select } from '../scope.ts';
import { failureDetails } from './failure-details.ts';
import { handlerFailure } from './handler-failure.ts';
import { invoke } from './invoke.ts';

/** One attempt of a Task: what it gives, shaped by ResultSelector, ResultPath and OutputPath. */
export async function attemptTask(state: TaskState, visit: Visit): Promise<Json> {
    const input = effectiveInput(state, visit);
    const payload = parametersOf(state, input, visit);
    const timeout = timeoutSeconds(state, input, visit);
    return outputOf(state, await runTask(state, payload, timeout, visit), visit);
}

/** What an attempt does and how its events are called. */
interface Work {
    readonly family: 'Task' | 'LambdaFunction';
    readonly handler: TaskHandler | undefined;
    readonly payload: Json;
    /** Named when its result is too large. */
    readonly subject: string;
    readonly missing: StateFailure;
    /** Repeated in each of its events but the first. */
    readonly details: EventDetails;
    readonly scheduled: EventDetails;
    wrap(result: Json): Json;
}

async function runTask(state: TaskState, payload: Json, timeout: number | undefined, visit: Visit): Promise<Json> {
    const { execution, thread } = visit;
    const work = plan(state, payload, visit);
    const limit = timeout === undefined ? {} : { timeoutInSeconds: timeout };
    execution.record(thread, `${work.family}Scheduled`, { ...work.scheduled, ...limit });
    execution.record(thread, `${work.family}Started`, work.details);
    try {
        const result = work.wrap(await call(work, timeout, visit));
        if (serialisedSize(result) > LARGEST_PAYLOAD) throw tooLarge(work.subject);
        execution.record(thread, `${work.family}Succeeded`, { ...work.details, ...dataDetails('output', result) });
        return result;
    } catch (error) {
        if (thread.signal.aborted || !(error instanceof StateFailure)) throw error;
        const outcome = error.error === FAILURES.timeout ? 'TimedOut' : 'Failed';
        execution.record(thread, `${work.family}${outcome}`, { ...work.details, ...failureDetails(error) });
        throw error;
    }
}

async function call(work: Work, timeout: number | undefined, visit: Visit): Promise<Json> {
    const { handler } = work;
    if (!handler) throw work.missing;
    const { execution, thread } = visit;
    const payload = throughJson(work.payload);
    const run = async (invocation: Invocation) => {
        try {
            return throughJson(await marshalled(handler(payload, invocation)));
        } catch (error) {
            throw handlerFailure(error);
        }
    };
    return invoke(run, { timeout, execution, signal: thread.signal });
}

/** What a function returns must be JSON; a result that is not fails as the Lambda runtime makes it fail. */
async function marshalled(result: Promise<unknown>): Promise<unknown> {
    const value = await result;
    try {
        JSON.stringify(value);
        return value;
    } catch {
        const error = new Error('Unable to stringify response body');
        error.name = 'Runtime.MarshalError';
        throw error;
    }
}

function plan(state: TaskState, payload: Json, visit: Visit): Work {
    const { tasks } = visit.execution;
    const resource = parseResource(state.Resource) as Resource;
    if (resource.kind === 'function') {
        return {
            family: 'LambdaFunction',
            handler: tasks(resource.name),
            payload,
            subject: state.Resource,
            missing: noFunction(resource.name),
            details: {},
            scheduled: { resource: state.Resource, ...dataDetails('input', payload) },
            wrap: (result) => result,
        };
    }
    const invokes = resource.kind === 'invoke';
    const [service, action] = invokes ? ['lambda', 'invoke'] : [resource.service, resource.action];
    const details = { resourceType: service, resource: action };
    const name = invokes ? invokedFunction(payload) : state.Resource;
    return {
        family: 'Task',
        handler: tasks(name),
        payload: invokes ? ((payload as JsonObject).Payload ?? {}) : payload,
        subject: service,
        missing: invokes ? noFunction(name) : runtimeFailure(`There is no handler for ${name}.`),
        details,
        scheduled: { ...details, ...dataDetails('parameters', payload) },
        wrap: (result) => (invokes ? { ExecutedVersion: '$LATEST', Payload: result, StatusCode: 200 } : result),
    };
}

function invokedFunction(parameters: Json): string {
    const name = (parameters as JsonObject).FunctionName;
    if (typeof name === 'string' && name !== '') return functionName(name);
    throw runtimeFailure(`The Parameter 'FunctionName' must be a string, found ${JSON.stringify(name)}`);
}

function noFunction(name: string): StateFailure {
    return new StateFailure('Lambda.ResourceNotFoundException', `Function not found: ${name}`, { located: true });
}

function tooLarge(subject: string): StateFailure {
    const cause = `The state/task '${subject}' returned a result with a size exceeding the maximum number of bytes service limit.`;
    return new StateFailure(FAILURES.dataLimit, cause, { located: true });
}

function timeoutSeconds(state: TaskState, input: Json, visit: Visit): number | undefined {
    if (state.TimeoutSecondsPath === undefined) return state.TimeoutSeconds;
    const seconds = select(state.TimeoutSecondsPath, scopeOf(visit, input));
    if (Number.isInteger(seconds) && (seconds as number) > 0) return seconds as number;
    throw runtimeFailure(
        `The TimeoutSecondsPath '${state.TimeoutSecondsPath}' must give a positive integer, found ${JSON.stringify(seconds)}`,
    );
}
