import { type Document, parseDocument, visit } from 'yaml';
import { z } from 'zod';
import { READ_ONCE } from '../read-once.ts';
import { readHeaderCheck, uniqueKeyCheck } from './header-checks.ts';
import type { Check, ModelHeader } from './model.ts';
import { describeIssues } from './zod-issues.ts';

const name = z.string().regex(/^[a-z][a-z0-9_]*$/, 'must be a lower-case name');
const days = z.int().nonnegative();

const header = z.strictObject({
    model: name,
    purpose: z.string().min(1),
    grain: z.string('is missing: say what one row is, for example "one row per user"').min(1),
    key: z.array(name).default([]),
    kind: z.enum(['view', 'table', 'by_date']),
    date: name.optional(),
    lookback: z.union([days, z.literal('all')], 'must be a number of days or "all"').default(0),
    lookahead: days.default(0),
    watermark: name.optional(),
    closes: days.optional(),
    checks: z.array(z.unknown()).default([]),
    publish: name.optional(),
});

const KNOWN_KEYS = Object.keys(header.shape);

/**
 * Reads the YAML between `/* ---` and `--- *\/`. Every fault is added to `problems`, without the file's name; a
 * header with faults is undefined.
 */
export function readHeader(yaml: string, problems: string[]): ModelHeader | undefined {
    const document = parseDocument(yaml);
    if (document.errors.length > 0) {
        problems.push(...document.errors.map((error) => `the header is not YAML: ${error.message.split('\n')[0]}`));
        return undefined;
    }
    // An alias begins with a star: most headers need no walk.
    if (yaml.includes('*') && hasAlias(document)) {
        problems.push('the header holds a YAML alias (*name): write the value out in full');
        return undefined;
    }
    const parsed = header.safeParse(document.toJS(), READ_ONCE);
    if (!parsed.success) {
        problems.push(...describeIssues(parsed.error, 'header', KNOWN_KEYS));
        return undefined;
    }
    const { model, date, watermark, publish, checks: entries, ...rest } = parsed.data;
    const found: string[] = [];
    const checks = entries.map((entry) => readHeaderCheck(entry, found)).filter((check) => check !== undefined);
    const result: ModelHeader = {
        ...rest,
        name: model,
        dateColumn: date,
        watermark,
        publish,
        checks: withUniqueKey(rest.kind === 'view' ? [] : rest.key, checks),
    };
    found.push(...contradictions(result));
    problems.push(...found);
    return found.length === 0 ? result : undefined;
}

/** Nothing in a header may be expanded: a few lines of aliases of aliases are a billion values. */
function hasAlias(document: Document.Parsed): boolean {
    let found = false;
    visit(document, {
        Alias() {
            found = true;
            return visit.BREAK;
        },
    });
    return found;
}

function withUniqueKey(key: readonly string[], checks: readonly Check[]): readonly Check[] {
    if (key.length === 0) return checks;
    const own = uniqueKeyCheck(key);
    return checks.some((check) => check.name === own.name) ? checks : [own, ...checks];
}

/** What a header of this kind must say, and what would have no effect. Holds for TypeScript models too. */
export function contradictions(model: ModelHeader): string[] {
    const problems: string[] = [];
    const byDate = model.kind === 'by_date';
    if (model.kind !== 'view' && model.key.length === 0) {
        problems.push(`a ${model.kind} model needs "key": the columns that identify a row`);
    }
    if (byDate && model.dateColumn === undefined) {
        problems.push('a by_date model needs "date": the date column of its output');
    }
    if (!byDate && model.dateColumn !== undefined) problems.push(`"date" has no meaning in a ${model.kind} model`);
    if (!byDate && model.lookback !== 0) problems.push(`"lookback" has no meaning in a ${model.kind} model`);
    if (model.closes !== undefined && (!byDate || model.watermark === undefined)) {
        problems.push('"closes" has a meaning only in a by_date model with a "watermark"');
    }
    if (!byDate && model.lookahead !== 0) problems.push(`"lookahead" has no meaning in a ${model.kind} model`);
    if (model.kind === 'view') {
        for (const [word, given] of [
            ['checks', model.checks.length > 0],
            ['publish', model.publish !== undefined],
            ['watermark', model.watermark !== undefined],
        ] as const) {
            if (given) problems.push(`"${word}" has no meaning in a view: it is not stored`);
        }
    }
    return [...problems, ...repeatedCheckNames(model.checks)];
}

function repeatedCheckNames(checks: readonly Check[]): string[] {
    const names = checks.map((check) => check.name);
    const repeated = new Set(names.filter((checkName, index) => names.indexOf(checkName) !== index));
    return [...repeated].map((checkName) => `two checks are named "${checkName}": give one of them a "name"`);
}
