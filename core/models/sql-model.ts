import { createHash } from 'node:crypto';
import { UsageError } from '../errors.ts';
import { readChecksFile } from './checks-file.ts';
import { contradictions, readHeader } from './header.ts';
import type { ModelHeader, SqlModel } from './model.ts';
import { readTemplate } from './template.ts';

const HEADER = /^\s*\/\*\s*---[ \t]*\r?\n(.*?)\r?\n---\s*\*\//s;

/**
 * Compiles one model file: a YAML header in its first comment, then one SELECT. `checksText` is the text of the
 * `<model>.checks.sql` beside it.
 *
 * @throws UsageError with every fault of the file.
 */
export function parseSqlModel(fileName: string, text: string, checksText?: string): SqlModel {
    const problems: string[] = [];
    const model = readSqlModel(fileName, text, checksText, problems);
    if (model === undefined) throw new UsageError(problems.join('\n'));
    return model;
}

/** Like `parseSqlModel`, but adds the faults (with the file's name) to `problems` and returns nothing. */
export function readSqlModel(
    fileName: string,
    text: string,
    checksText: string | undefined,
    problems: string[],
): SqlModel | undefined {
    const found: string[] = [];
    const model = readParts(fileName, text, checksText, found);
    problems.push(...found.map((problem) => `${fileName}: ${problem}`));
    return found.length === 0 ? model : undefined;
}

/** The name a model file must give its model: its own, without folder and extension. */
export function nameOfFile(fileName: string): string {
    return fileName.replace(/^.*\//, '').replace(/(\.checks)?\.sql$/, '');
}

function readParts(
    fileName: string,
    text: string,
    checksText: string | undefined,
    problems: string[],
): SqlModel | undefined {
    const match = HEADER.exec(text);
    if (match === null) {
        problems.push('expected a header first: a comment "/* ---", lines of YAML, and "--- */"');
        return undefined;
    }
    const sql = text.slice(match[0].length).trim().replace(/;\s*$/, '');
    if (sql === '') problems.push('there is no statement below the header');
    const header = readHeader(match[1]!, problems);
    const { strangers, ...reads } = readTemplate(sql);
    problems.push(...strangers.map(strangerProblem));
    if (header === undefined) return undefined;

    if (header.name !== nameOfFile(fileName)) {
        problems.push(`the header names the model "${header.name}": file and model have the same name`);
    }
    const rowsChecks = checksText === undefined ? [] : readChecksFile(checksText, problems);
    problems.push(...rowsChecks.flatMap((check) => readTemplate(check.sql).strangers.map(strangerProblem)));
    const whole = { ...header, checks: [...header.checks, ...rowsChecks] };
    if (rowsChecks.length > 0) problems.push(...contradictions(whole));
    return { ...whole, language: 'sql', sql, ...reads, code: codeOf(whole, sql) };
}

function strangerProblem(token: string): string {
    return `${token} is not known: the only template tokens are {{ ref('name') }} and {{ ref('name', 'own dates') }}`;
}

/** Purpose and grain are prose: rewording them changes no row and no check. */
function codeOf(header: ModelHeader, sql: string): string {
    const { purpose: _purpose, grain: _grain, ...effective } = header;
    return createHash('sha256').update(JSON.stringify(effective)).update('\n').update(sql).digest('hex');
}
