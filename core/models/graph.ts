import { createHash } from 'node:crypto';
import type { Check, Model } from './model.ts';
import { readTemplate, THIS_RELATION } from './template.ts';

/**
 * Stored models that depend on each other, however indirectly and in whichever direction (a weakly connected component),
 * in levels: those of a level depend on earlier levels only. Reading the same dataset joins nobody.
 */
export type Component = readonly (readonly string[])[];

/** All models of a project, compiled: every name resolves and nothing depends on itself. */
export interface ModelGraph {
    /** By name, each after what it depends on. */
    readonly models: ReadonlyMap<string, Model>;
    readonly datasets: ReadonlySet<string>;
    /** Stored models (tables and by_date), apart where they have nothing to do with each other. */
    readonly components: readonly Component[];
    /**
     * What a model's rows are computed from: datasets, stored models and built-in relations, seen through views.
     * A watermark's source is not among them (the model reads one instant of it): see `ModelHeader.watermark`.
     */
    upstream(name: string): readonly string[];
    /** Inputs by_date that a model reads for the dates being built, seen through views. */
    ownDates(name: string): {
        readonly some: ReadonlySet<string>;
        /** Those of them that it does not read for its window as well. */
        readonly only: ReadonlySet<string>;
    };
    /** What a model's checks read besides its own rows, seen through views. It may name what `upstream` names. */
    checkInputs(name: string): readonly string[];
    /** Stored models whose rows depend on a dataset, a model or a built-in relation, however indirectly, in order. */
    downstream(name: string): readonly string[];
    /** Hash of everything written in files that a model's rows and checks depend on: its own code and its views'. */
    code(name: string): string;
}

/** Names a check reads besides the version being checked. */
export function checkRefs(check: Check): readonly string[] {
    switch (check.kind) {
        case 'relationship':
            return [check.to];
        case 'reconcile':
            return [check.other];
        case 'rows':
            return readTemplate(check.sql).refs.filter((ref) => ref !== THIS_RELATION);
        default:
            return [];
    }
}

/** Names that must be built before a model: its inputs, its watermark's source, what its checks compare with. */
export function dependencies(model: Model): readonly string[] {
    const checked = model.checks.flatMap(checkRefs).filter((ref) => ref !== model.name);
    return [...new Set([...model.refs, ...(model.watermark === undefined ? [] : [model.watermark]), ...checked])];
}

/** The graph of models whose refs all resolve, given in an order in which each follows its dependencies. */
export function buildGraph(ordered: readonly Model[], datasets: Iterable<string>): ModelGraph {
    const models = new Map(ordered.map((model) => [model.name, model]));
    const stored = ordered.filter((model) => model.kind !== 'view').map((model) => model.name);

    /** Leaves and views in one walk: a view stands for what it reads. */
    const seeThrough = (refs: readonly string[], views = new Set<string>()): string[] => {
        const leaves = refs.flatMap((ref) => {
            const model = models.get(ref);
            if (model?.kind !== 'view') return [ref];
            views.add(ref);
            return seeThrough(model.refs, views);
        });
        return [...new Set(leaves)];
    };
    const upstream = (name: string) => seeThrough(models.get(name)?.refs ?? []);
    const checkNames = (name: string) =>
        models
            .get(name)
            ?.checks.flatMap(checkRefs)
            .filter((ref) => ref !== name) ?? [];

    return {
        models,
        datasets: new Set(datasets),
        components: componentsOf(stored, (name) => seeThrough(dependencies(models.get(name)!))),
        upstream,
        ownDates: (name) => {
            const views = new Set<string>();
            seeThrough(models.get(name)?.refs ?? [], views);
            const readers = [name, ...views].map((reader) => models.get(reader));
            const read = (key: 'ownDates' | 'windowDates') =>
                new Set(readers.flatMap((reader) => (reader?.language === 'sql' ? reader[key] : [])));
            const some = read('ownDates');
            return { some, only: some.difference(read('windowDates')) };
        },
        checkInputs: (name) => seeThrough(checkNames(name)),
        downstream: (name) => {
            const reached = new Set([name]);
            for (const model of ordered) {
                const inputs = model.watermark === undefined ? model.refs : [...model.refs, model.watermark];
                if (inputs.some((input) => reached.has(input))) reached.add(model.name);
            }
            return stored.filter((other) => other !== name && reached.has(other));
        },
        code: (name) => {
            const views = new Set<string>();
            seeThrough([...(models.get(name)?.refs ?? []), ...checkNames(name)], views);
            const hash = createHash('sha256');
            for (const part of [name, ...[...views].sort()]) hash.update(`${part} ${models.get(part)?.code}\n`);
            return hash.digest('hex');
        },
    };
}

function componentsOf(stored: readonly string[], inputs: (name: string) => readonly string[]): Component[] {
    const componentOf = new Map<string, readonly string[]>();
    for (const name of stored) {
        const joined = new Set(inputs(name).map((input) => componentOf.get(input) ?? []));
        const members = [...[...joined].flat(), name];
        for (const member of members) componentOf.set(member, members);
    }
    const components = Map.groupBy(stored, (name) => componentOf.get(name));
    return [...components.values()].map((names) => levelsOf(names, inputs));
}

function levelsOf(stored: readonly string[], inputs: (name: string) => readonly string[]): string[][] {
    const levelOf = new Map<string, number>();
    for (const name of stored) {
        const level = Math.max(0, ...inputs(name).map((input) => (levelOf.get(input) ?? -1) + 1));
        levelOf.set(name, level);
    }
    const count = Math.max(-1, ...levelOf.values()) + 1;
    return Array.from({ length: count }, (_, level) => stored.filter((name) => levelOf.get(name) === level).sort());
}
