import { type State, type StateGroup, successors } from '../definition.ts';
import { isObject, type JsonObject } from '../json.ts';
import { arrayAt, at, checkFields, checkString, objectAt, type Problem, type Report, shown } from './problems.ts';
import { checkLanguage, checkState } from './states.ts';

const LONGEST_NAME = 80;

/** Everything wrong with a definition, in the order of its text; an empty list for a sound one. */
export function findProblems(definition: unknown, integrations: ReadonlySet<string>): Problem[] {
    const problems: Problem[] = [];
    const report: Report = (path, message) => problems.push({ path, message });
    const root = objectAt(definition, '$', report);
    if (!root) return problems;
    checkFields(root, '$', ['StartAt', 'States', 'Comment', 'Version', 'TimeoutSeconds', 'QueryLanguage'], report);
    checkLanguage(root, '$', report);
    if (root.Version !== undefined && root.Version !== '1.0')
        report('$.Version', `expected "1.0", found ${shown(root.Version)}`);
    const timeout = root.TimeoutSeconds;
    if (timeout !== undefined && !(Number.isInteger(timeout) && (timeout as number) > 0)) {
        report('$.TimeoutSeconds', `expected a positive integer, found ${shown(timeout)}`);
    }
    checkGroup(root, '$', { integrations, names: new Map() }, report);
    return problems;
}

interface Surroundings {
    readonly integrations: ReadonlySet<string>;
    /** Where each state name of the whole machine was seen first. */
    readonly names: Map<string, string>;
}

function checkGroup(group: JsonObject, path: string, around: Surroundings, report: Report): void {
    const states = objectAt(group.States, at(path, 'States'), report);
    if (!states) return;
    for (const [name, value] of Object.entries(states)) {
        const where = at(at(path, 'States'), name);
        checkName(name, where, around.names, report);
        const state = objectAt(value, where, report);
        if (!state) continue;
        checkState(state, where, around.integrations, report);
        checkInnerGroups(state, where, around, report);
    }
    if (!checkString(group.StartAt, at(path, 'StartAt'), report)) return;
    if (Object.values(states).every(isObject)) checkFlow(group as unknown as StateGroup, path, report);
}

function checkName(name: string, path: string, names: Map<string, string>, report: Report): void {
    if (name.length > LONGEST_NAME) report(path, `state names have at most ${LONGEST_NAME} characters`);
    const first = names.get(name);
    if (first !== undefined) report(path, `the machine has another state of this name at ${first}`);
    else names.set(name, path);
}

function checkInnerGroups(state: JsonObject, path: string, around: Surroundings, report: Report): void {
    if (state.Type === 'Map') {
        const where = at(path, 'ItemProcessor');
        const group = objectAt(state.ItemProcessor, where, report);
        if (!group) return;
        checkFields(group, where, ['StartAt', 'States', 'ProcessorConfig', 'Comment'], report);
        checkGroup(group, where, around, report);
    }
    if (state.Type !== 'Parallel') return;
    for (const [index, branch] of arrayAt(state.Branches, at(path, 'Branches'), report).entries()) {
        const where = at(at(path, 'Branches'), index);
        const group = objectAt(branch, where, report);
        if (!group) continue;
        checkFields(group, where, ['StartAt', 'States', 'Comment'], report);
        checkGroup(group, where, around, report);
    }
}

function checkFlow(group: StateGroup, path: string, report: Report): void {
    const states = at(path, 'States');
    const exists = (name: string) => Object.hasOwn(group.States, name);
    if (!exists(group.StartAt)) report(at(path, 'StartAt'), `there is no state '${group.StartAt}' in ${states}`);
    const onward = new Map(Object.entries(group.States).map(([name, state]) => [name, leadsTo(state)]));
    for (const [name, targets] of onward) {
        for (const target of targets.filter((each) => !exists(each))) {
            report(at(states, name), `leads to '${target}', which is no state of ${states}`);
        }
    }
    const reached = new Set<string>();
    const open = [group.StartAt];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
        if (reached.has(name)) continue;
        reached.add(name);
        open.push(...(onward.get(name) ?? []));
    }
    for (const name of Object.keys(group.States)) {
        if (!reached.has(name)) report(at(states, name), `is never reached from StartAt '${group.StartAt}'`);
    }
    const ends = Object.values(group.States).some(
        (state) => ['Succeed', 'Fail'].includes(state.Type) || ('End' in state && state.End === true),
    );
    if (!ends) report(states, 'no state ends it: expected End: true, Succeed or Fail');
}

/** The successors as far as a malformed state tells; its shape was reported already. */
function leadsTo(state: State): string[] {
    try {
        return successors(state).filter((name) => typeof name === 'string');
    } catch {
        return [];
    }
}
