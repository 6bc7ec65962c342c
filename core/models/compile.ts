import { UsageError } from '../errors.ts';
import { buildGraph, checkRefs, dependencies, type ModelGraph } from './graph.ts';
import { BUILT_IN_RELATIONS, type Model, type TypeScriptModel } from './model.ts';
import { type ModelSite, ruleProblems, typeScriptProblems } from './rules.ts';
import { nameOfFile, readSqlModel } from './sql-model.ts';
import { didYouMean } from './suggest.ts';
import { THIS_RELATION } from './template.ts';

/** Everything a project's models are compiled from. */
export interface ModelSources {
    /** `<model>.sql` and `<model>.checks.sql` files; `name` is the path shown in messages. */
    readonly files: readonly { readonly name: string; readonly text: string }[];
    readonly typescriptModels: readonly TypeScriptModel[];
    /** Names of the datasets that have a contract. */
    readonly datasets: readonly string[];
    /** Those of them that are stored by date. */
    readonly dateDatasets: readonly string[];
}

/**
 * Compiles all models of a project.
 *
 * @throws UsageError naming every fault of every file at once: a header that does not parse, a name used twice, a
 * ref to nothing, models that depend on each other in a circle, rules of a kind that are broken.
 */
export function compileModels(sources: ModelSources): ModelGraph {
    const problems: string[] = [];
    const sites = [...readFiles(sources.files, problems), ...readTypeScript(sources.typescriptModels, problems)];
    const models = new Map<string, ModelSite>();
    for (const site of sites) {
        problems.push(...nameProblems(site, models, sources.datasets));
        models.set(site.model.name, site);
    }
    // A file with faults still has its name, so that refs to it are not reported as well.
    const broken = sources.files.map((file) => nameOfFile(file.name)).filter((name) => !models.has(name));
    const known = new Set([...models.keys(), ...sources.datasets, ...Object.keys(BUILT_IN_RELATIONS), ...broken]);
    for (const site of models.values()) problems.push(...refProblems(site, known));

    const { ordered, cycles } = sortByDependency(models);
    problems.push(...cycles);
    if (cycles.length === 0) problems.push(...ruleProblems(models, sources));
    if (problems.length > 0) {
        const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
        throw new UsageError(`the models do not compile, ${count}:\n${problems.map((line) => `- ${line}`).join('\n')}`);
    }
    return buildGraph(ordered, sources.datasets);
}

function readFiles(files: ModelSources['files'], problems: string[]): ModelSite[] {
    const checks = new Map(
        files.filter((file) => file.name.endsWith('.checks.sql')).map((file) => [nameOfFile(file.name), file]),
    );
    const sites = files
        .filter((file) => !file.name.endsWith('.checks.sql'))
        .flatMap((file): ModelSite[] => {
            const checksFile = checks.get(nameOfFile(file.name));
            checks.delete(nameOfFile(file.name));
            const model = readSqlModel(file.name, file.text, checksFile?.text, problems);
            return model === undefined ? [] : [{ where: file.name, model }];
        });
    problems.push(...[...checks.values()].map((file) => `${file.name}: there is no model file to check beside it`));
    return sites;
}

function readTypeScript(models: readonly TypeScriptModel[], problems: string[]): ModelSite[] {
    return models.map((model) => {
        const where = `TypeScript model ${model.name}`;
        problems.push(...typeScriptProblems(model).map((problem) => `${where}: ${problem}`));
        return { where, model };
    });
}

function nameProblems(
    { where, model }: ModelSite,
    earlier: ReadonlyMap<string, ModelSite>,
    datasets: readonly string[],
): string[] {
    const clash = earlier.get(model.name);
    if (clash !== undefined) return [`${where}: ${clash.where} has the name "${model.name}" already`];
    if (datasets.includes(model.name)) return [`${where}: "${model.name}" is the name of a dataset`];
    if (Object.hasOwn(BUILT_IN_RELATIONS, model.name) || model.name === THIS_RELATION) {
        return [`${where}: "${model.name}" is a name the engine gives: choose another`];
    }
    return [];
}

function refProblems({ where, model }: ModelSite, known: ReadonlySet<string>): string[] {
    const unknown = (name: string) => `is no model, dataset or built-in relation${didYouMean(name, known)}`;
    const problems = model.refs
        .filter((ref) => !known.has(ref))
        .map((ref) => `${where}: ref('${ref}') ${unknown(ref)}`);
    for (const check of model.checks) {
        for (const ref of checkRefs(check)) {
            if (!known.has(ref)) problems.push(`${where}: check "${check.name}": "${ref}" ${unknown(ref)}`);
        }
    }
    return problems;
}

/** Depth first in order of names, so that equal projects give equal orders. Circles are named whole, each once. */
function sortByDependency(models: ReadonlyMap<string, ModelSite>): { ordered: Model[]; cycles: string[] } {
    const ordered: Model[] = [];
    const cycles: string[] = [];
    const done = new Set<string>();
    const visit = (name: string, path: readonly string[]): void => {
        const site = models.get(name);
        if (site === undefined || done.has(name)) return;
        if (path.includes(name)) {
            const circle = [...path.slice(path.indexOf(name)), name];
            cycles.push(`${site.where}: models depend on each other in a circle: ${circle.join(' -> ')}`);
            return;
        }
        for (const input of [...dependencies(site.model)].sort()) visit(input, [...path, name]);
        done.add(name);
        ordered.push(site.model);
    };
    for (const name of [...models.keys()].sort()) visit(name, []);
    return { ordered, cycles };
}
