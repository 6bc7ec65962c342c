import { UsageError } from '#core/errors.ts';
import type { Definition, StateGroup } from './definition.ts';
import { functionName, parseResource } from './resource.ts';
import { findProblems } from './validate/groups.ts';
import type { Problem } from './validate/problems.ts';

/** A checked state machine, ready to run. */
export interface Machine {
    readonly name: string;
    readonly definition: Definition;
    /**
     * What the machine's tasks will ask a handler for: names of functions, ARNs of integrations. Functions whose
     * name is computed while it runs are not among them.
     */
    readonly resources: readonly string[];
}

/** A definition that cannot be run as it stands, with all its problems. */
export class DefinitionError extends UsageError {
    override name = 'DefinitionError';
    readonly problems: readonly Problem[];

    constructor(machine: string, problems: readonly Problem[]) {
        const lines = problems.map((problem) => `  ${problem.path}: ${problem.message}`);
        super(`state machine '${machine}' cannot be run; correct its definition:\n${lines.join('\n')}`);
        this.problems = problems;
    }
}

/** What a definition's text is read with. */
export interface LoadOptions {
    /** Named in messages and in execution ids. */
    readonly name: string;
    /** Values for `${Name}` in the definition's text. */
    readonly placeholders?: Readonly<Record<string, string>>;
    /** ARNs of integrations besides lambda:invoke for which there are handlers. */
    readonly integrations?: readonly string[];
}

/**
 * Reads a definition in the Amazon States Language (JSONPath dialect) and checks all of it. What the interpreter
 * would not do exactly as the service does is refused.
 * Throws DefinitionError that lists every problem with its place.
 */
export function loadMachine(text: string, options: LoadOptions): Machine {
    const { name, placeholders = {}, integrations = [] } = options;
    const unknown: Problem[] = [];
    const filled = text.replace(/\$\{(\w+)\}/g, (whole, key: string) => {
        if (Object.hasOwn(placeholders, key)) return JSON.stringify(placeholders[key]).slice(1, -1);
        const known = Object.keys(placeholders).join(', ') || 'none';
        unknown.push({ path: '$', message: `no value for the placeholder ${whole}; known: ${known}` });
        return whole;
    });
    const definition = parse(filled, name);
    const problems = [...unknown, ...findProblems(definition, new Set(integrations))];
    if (problems.length > 0) throw new DefinitionError(name, problems);
    return { name, definition: definition as Definition, resources: resourcesOf(definition as Definition) };
}

function parse(text: string, name: string): unknown {
    try {
        return JSON.parse(text);
    } catch (error) {
        throw new DefinitionError(name, [{ path: '$', message: `is no JSON: ${(error as Error).message}` }]);
    }
}

function resourcesOf(group: StateGroup): string[] {
    const found = Object.values(group.States).flatMap((state): string[] => {
        if (state.Type === 'Map') return resourcesOf(state.ItemProcessor);
        if (state.Type === 'Parallel') return state.Branches.flatMap(resourcesOf);
        if (state.Type !== 'Task') return [];
        const resource = parseResource(state.Resource);
        if (resource?.kind === 'function') return [resource.name];
        if (resource?.kind === 'integration') return [state.Resource];
        const named = (state.Parameters as { FunctionName?: string }).FunctionName;
        return named === undefined ? [] : [functionName(named)];
    });
    return [...new Set(found)].sort();
}
