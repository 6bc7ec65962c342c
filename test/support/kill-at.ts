import { appendFileSync } from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import pg from 'pg';

/**
 * Preloaded into a process of a test (`node --import`): counts the moments at which the lake or the database changes
 * and kills the process right before the one that CARTLAKE_KILL_AT names. Without it, the moments are only listed, in
 * the file CARTLAKE_KILL_LOG. With CARTLAKE_FULL_AT, the disk is full from that moment on instead: whatever makes or
 * grows a file of the lake fails. The product knows nothing of this.
 *
 * Moments are what makes a change visible: `link` (control documents, executions), `rename` (files, removals of
 * documents, ends of executions), removal of a landed or stored file, and COPY and COMMIT in PostgreSQL. What is
 * written to a draft before is part of no state.
 */
const {
    CARTLAKE_KILL_FOLDER: folder = '',
    CARTLAKE_KILL_AT: killAt,
    CARTLAKE_FULL_AT: fullAt,
    CARTLAKE_KILL_LOG: log,
} = process.env;
let count = 0;

function moment(what: string): void {
    if (log !== undefined) appendFileSync(log, `${what.replaceAll(folder, '')}\n`);
    if (++count === Number(killAt)) process.kill(process.pid, 'SIGKILL');
}

type Files = Record<string, (...args: unknown[]) => unknown>;
const require = createRequire(import.meta.url);

/** Whether a path is part of the lake's state: drafts and scratch folders are not. */
function isVisible(path: unknown): boolean {
    return typeof path === 'string' && path.startsWith(folder) && !/\.draft$|^\/tmp\//.test(path.slice(folder.length));
}

function watch(files: Files, name: string): void {
    const original = files[name] as Files[string];
    files[name] = (...args) => {
        const target = name.startsWith('rm') || name.startsWith('unlink') ? args[0] : args[1];
        if (isVisible(target)) moment(`${name} ${target}`);
        return original.apply(files, args);
    };
}

/** Whether the disk is full for a call: it makes or grows a file of the lake, or one that was opened before. */
function finds(name: string, args: readonly unknown[]): string | undefined {
    const [source, target = source] = args;
    if (count < Number(fullAt)) return undefined;
    if (name === 'writeSync') return `file ${source}`;
    if (name.startsWith('open') && !/[wa]/.test(String(target))) return undefined;
    const path = String(/^(link|cp|copyFile)/.test(name) ? target : source);
    return path.startsWith(folder) ? path : undefined;
}

function fill(files: Files, name: string): void {
    const original = files[name] as Files[string];
    files[name] = (...args) => {
        const path = finds(name, args);
        if (path === undefined) return original.apply(files, args);
        const error = Object.assign(new Error(`ENOSPC: no space left on device, ${name} '${path}'`), {
            code: 'ENOSPC',
        });
        if (name.endsWith('Sync')) throw error;
        return Promise.reject(error);
    };
}

const promises = require('node:fs/promises') as Files;
for (const name of ['link', 'rename', 'rm']) watch(promises, name);
const sync = require('node:fs') as Files;
for (const name of ['linkSync', 'renameSync', 'rmSync', 'unlinkSync']) watch(sync, name);
if (fullAt !== undefined) {
    for (const name of ['writeFile', 'link', 'mkdir', 'open', 'cp', 'copyFile']) fill(promises, name);
    for (const name of ['writeFileSync', 'appendFileSync', 'linkSync', 'mkdirSync', 'openSync', 'writeSync']) {
        fill(sync, name);
    }
}
syncBuiltinESMExports();

const client = pg.Client.prototype as unknown as { query: (...args: unknown[]) => unknown };
const query = client.query;
client.query = function (this: unknown, ...args: unknown[]) {
    const [asked] = args as [string | { text?: string; cursor?: { text?: string } }];
    const text = typeof asked === 'string' ? asked : (asked.text ?? asked.cursor?.text ?? '');
    if (/^\s*(commit|copy)\b/i.test(text)) moment(`postgres ${text.trim().slice(0, 40)}`);
    return query.apply(this, args);
};
