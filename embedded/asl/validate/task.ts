import { isObject, type JsonObject } from '../json.ts';
import { parseResource } from '../resource.ts';
import { checkPath, checkPayload } from './expressions.ts';
import { at, checkFields, checkNumber, checkString, type Report } from './problems.ts';

const INVOKE = ['FunctionName', 'FunctionName.$', 'Payload', 'Payload.$', 'InvocationType', 'Qualifier'];
const LONGEST_TIMEOUT = 99_999_999;

/** Reports what is wrong with a Task; integrations other than lambda:invoke must be among `integrations`. */
export function checkTask(state: JsonObject, path: string, integrations: ReadonlySet<string>, report: Report): void {
    checkPayload(state.Parameters, at(path, 'Parameters'), report);
    checkNumber(state.TimeoutSeconds, at(path, 'TimeoutSeconds'), { least: 1, most: LONGEST_TIMEOUT }, report);
    checkPath(state.TimeoutSecondsPath, at(path, 'TimeoutSecondsPath'), 'reference', report);
    if (state.TimeoutSeconds !== undefined && state.TimeoutSecondsPath !== undefined) {
        report(at(path, 'TimeoutSecondsPath'), 'stands beside TimeoutSeconds; keep one');
    }
    const where = at(path, 'Resource');
    if (!checkString(state.Resource, where, report)) return;
    const resource = parseResource(state.Resource);
    if (resource?.kind === 'invoke') checkInvoke(state, path, report);
    if (resource?.kind === 'invoke' || resource?.kind === 'function' || integrations.has(state.Resource)) return;
    const known = integrations.size > 0 ? `, or one of ${[...integrations].join(', ')}` : '';
    report(
        where,
        `'${state.Resource}' has no handler here; expected a Lambda function's ARN, arn:aws:states:::lambda:invoke${known}`,
    );
}

function checkInvoke(state: JsonObject, path: string, report: Report): void {
    const where = at(path, 'Parameters');
    const parameters = isObject(state.Parameters) ? state.Parameters : {};
    checkFields(parameters, where, INVOKE, report);
    if (parameters.FunctionName === undefined && parameters['FunctionName.$'] === undefined) {
        report(where, 'lambda:invoke needs a FunctionName');
    }
    if (![undefined, 'RequestResponse'].includes(parameters.InvocationType as string | undefined)) {
        report(at(where, 'InvocationType'), 'only RequestResponse is supported');
    }
}
