import { contradictions } from './header.ts';
import type { Model, TypeScriptModel } from './model.ts';

/** A model and the words messages use for the place it comes from. */
export interface ModelSite {
    readonly where: string;
    readonly model: Model;
}

const WATERMARKS = 'watermarks';

/** What a model may do given the kinds of the others. The models must not depend on each other in a circle. */
export function ruleProblems(
    models: ReadonlyMap<string, ModelSite>,
    { dateDatasets }: { readonly dateDatasets: readonly string[] },
): string[] {
    const isByDate = (name: string): boolean =>
        dateDatasets.includes(name) || models.get(name)?.model.kind === 'by_date';
    const readsByDate = (name: string): boolean => {
        const model = models.get(name)?.model;
        return model?.kind === 'view' ? model.refs.some(readsByDate) : isByDate(name);
    };
    const publishers = new Map<string, ModelSite>();
    return [...models.values()].flatMap((site) => {
        const { model, where } = site;
        const problems: string[] = [];
        if (model.kind === 'by_date' && !model.refs.some(readsByDate)) {
            problems.push(
                'a by_date model must read at least one by_date model or dataset: nothing gives it its dates',
            );
        }
        problems.push(...watermarkProblems(model, isByDate), ...ownDatesProblems(model, isByDate));
        if (model.publish !== undefined) {
            const earlier = publishers.get(model.publish);
            if (earlier !== undefined) problems.push(`${earlier.where} is published to "${model.publish}" already`);
            publishers.set(model.publish, site);
        }
        return problems.map((problem) => `${where}: ${problem}`);
    });
}

function watermarkProblems(model: Model, isByDate: (name: string) => boolean): string[] {
    const problems: string[] = [];
    const reads = model.refs.includes(WATERMARKS);
    if (reads && model.watermark === undefined) {
        problems.push(
            model.kind === 'view'
                ? `a view cannot read ref('${WATERMARKS}'): read it in the stored model whose header names a "watermark"`
                : `ref('${WATERMARKS}') needs "watermark" in the header: the by_date model or dataset whose end it gives`,
        );
    }
    if (model.watermark !== undefined) {
        if (!reads) problems.push(`"watermark" has no effect: the statement never reads ref('${WATERMARKS}')`);
        if (!isByDate(model.watermark)) {
            problems.push(`watermark "${model.watermark}" must be a by_date model or a dataset stored by date`);
        }
    }
    return problems;
}

function ownDatesProblems(model: Model, isByDate: (name: string) => boolean): string[] {
    if (model.language !== 'sql' || model.ownDates.length === 0) return [];
    if (model.kind === 'table') return ["ref(.., 'own dates') has no meaning in a table: it is built whole"];
    return model.ownDates
        .filter((name) => !isByDate(name))
        .map((name) => `ref('${name}', 'own dates'): ${name} must be a by_date model or a dataset stored by date`);
}

/** What is wrong with a TypeScript model by itself; SQL models are held to the same when their header is read. */
export function typeScriptProblems(model: TypeScriptModel): string[] {
    const problems = contradictions(model);
    if (!/^[a-z][a-z0-9_]*$/.test(model.name)) problems.push('"name" must be a lower-case name');
    if (model.purpose.trim() === '') problems.push('"purpose" is missing');
    if (model.grain.trim() === '') problems.push('"grain" is missing: say what one row is');
    if (model.code.trim() === '') problems.push('"code" is missing: a text to change whenever build changes');
    // Types forbid it, but a model may come from plain JavaScript.
    if (model.kind !== 'table') problems.push(`a TypeScript model is a table, found kind "${model.kind}"`);
    const columns = model.columns.map((column) => column.name);
    if (columns.length === 0) problems.push('"columns" is empty');
    const repeated = columns.filter((column, index) => columns.indexOf(column) !== index);
    problems.push(...repeated.map((column) => `column "${column}" stands twice`));
    const missing = model.key.filter((column) => !columns.includes(column));
    problems.push(...missing.map((column) => `key column "${column}" is not among the columns`));
    return problems;
}
