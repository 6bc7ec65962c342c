import { isObject, type JsonObject } from '../json.ts';
import { checkPath, checkPayload } from './expressions.ts';
import { at, checkFields, checkNumber, checkString, objectAt, type Report, shown } from './problems.ts';

const ONLY_DISTRIBUTED = ['ItemReader', 'ToleratedFailureCount', 'ToleratedFailurePercentage', 'Label'];
const READS_OBJECT = 'arn:aws:states:::s3:getObject';
/** The service's limits. */
const MOST_CHILDREN = 10_000;
const LONGEST_LABEL = 40;

/** Reports what is wrong with a Map besides its states. */
export function checkMap(state: JsonObject, path: string, report: Report): void {
    checkPayload(state.ItemSelector, at(path, 'ItemSelector'), report);
    checkPath(state.ItemsPath, at(path, 'ItemsPath'), 'reference', report);
    checkPath(state.MaxConcurrencyPath, at(path, 'MaxConcurrencyPath'), 'reference', report);
    const range = { least: 0, most: Number.MAX_SAFE_INTEGER };
    checkNumber(state.MaxConcurrency, at(path, 'MaxConcurrency'), range, report);
    if (state.MaxConcurrency !== undefined && state.MaxConcurrencyPath !== undefined) {
        report(at(path, 'MaxConcurrencyPath'), 'stands beside MaxConcurrency; keep one');
    }
    const processor = isObject(state.ItemProcessor) ? state.ItemProcessor : {};
    if (modeOf(processor, at(path, 'ItemProcessor'), report) === 'DISTRIBUTED') {
        checkDistributed(state, path, report);
        checkContext(processor, at(path, 'ItemProcessor'), report);
        return;
    }
    for (const field of ONLY_DISTRIBUTED) {
        if (state[field] !== undefined) report(at(path, field), 'belongs to a Map in the mode DISTRIBUTED');
    }
}

function modeOf(group: JsonObject, path: string, report: Report): string {
    if (group.ProcessorConfig === undefined) return 'INLINE';
    const where = at(path, 'ProcessorConfig');
    const config = objectAt(group.ProcessorConfig, where, report) ?? { Mode: 'INLINE' };
    if (config.Mode === 'DISTRIBUTED') {
        checkFields(config, where, ['Mode', 'ExecutionType'], report);
        if (config.ExecutionType !== 'STANDARD') {
            report(at(where, 'ExecutionType'), `expected STANDARD, found ${shown(config.ExecutionType)}`);
        }
        return 'DISTRIBUTED';
    }
    checkFields(config, where, ['Mode'], report);
    if (config.Mode !== 'INLINE')
        report(at(where, 'Mode'), `expected INLINE or DISTRIBUTED, found ${shown(config.Mode)}`);
    return 'INLINE';
}

function checkDistributed(state: JsonObject, path: string, report: Report): void {
    const refuse = (field: string, why: string) => state[field] !== undefined && report(at(path, field), why);
    refuse('ItemsPath', 'the items come from the ItemReader');
    refuse('MaxConcurrencyPath', 'a Distributed Map says how many run at once: MaxConcurrency');
    refuse('ResultSelector', 'there is no result to select from: ResultPath is null');
    if (state.MaxConcurrency === undefined || state.MaxConcurrency === 0) {
        report(
            at(path, 'MaxConcurrency'),
            'expected how many items run at once; a Distributed Map is not left unbounded',
        );
    }
    const children = { least: 0, most: MOST_CHILDREN };
    checkNumber(state.MaxConcurrency, at(path, 'MaxConcurrency'), children, report);
    if (state.ResultPath !== null) {
        report(at(path, 'ResultPath'), 'expected null: what failed items give differs from place to place');
    }
    const count = { least: 0, most: Number.MAX_SAFE_INTEGER };
    checkNumber(state.ToleratedFailureCount, at(path, 'ToleratedFailureCount'), count, report);
    const percentage = { least: 0, most: 100, fraction: true };
    checkNumber(state.ToleratedFailurePercentage, at(path, 'ToleratedFailurePercentage'), percentage, report);
    if (state.Label !== undefined && checkString(state.Label, at(path, 'Label'), report)) {
        if (state.Label.length > LONGEST_LABEL)
            report(at(path, 'Label'), `labels have at most ${LONGEST_LABEL} characters`);
    }
    checkReader(state.ItemReader, at(path, 'ItemReader'), report);
}

function checkReader(value: unknown, path: string, report: Report): void {
    const reader = objectAt(value, path, report);
    if (!reader) return;
    checkFields(reader, path, ['Resource', 'ReaderConfig', 'Parameters'], report);
    if (reader.Resource !== READS_OBJECT) {
        report(at(path, 'Resource'), `expected ${READS_OBJECT}, found ${shown(reader.Resource)}`);
    }
    const config = objectAt(reader.ReaderConfig, at(path, 'ReaderConfig'), report);
    if (config) {
        checkFields(config, at(path, 'ReaderConfig'), ['InputType'], report);
        if (config.InputType !== 'JSON') {
            report(at(at(path, 'ReaderConfig'), 'InputType'), `expected JSON, found ${shown(config.InputType)}`);
        }
    }
    const parameters = objectAt(reader.Parameters, at(path, 'Parameters'), report);
    if (!parameters) return;
    checkFields(parameters, at(path, 'Parameters'), ['Bucket', 'Bucket.$', 'Key', 'Key.$'], report);
    checkPayload(parameters, at(path, 'Parameters'), report);
    for (const field of ['Bucket', 'Key']) {
        if (parameters[field] === undefined && parameters[`${field}.$`] === undefined) {
            report(at(path, 'Parameters'), `getObject needs a ${field}`);
        }
    }
}

/** An item's execution has a name and an input of its own on AWS, and those of its parent on LocalStack. */
function checkContext(processor: JsonObject, path: string, report: Report): void {
    const found = /\$\$(?!\.State\b)[.\w]*/.exec(JSON.stringify(processor.States ?? {}))?.[0];
    if (found === undefined) return;
    report(path, `'${found}' means something else in each place that runs items; hand it in with the ItemSelector`);
}
