import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '#embedded/project.ts';

const BINARY = join(PROJECT_ROOT, 'bin', 'cartlake.js');
/** Has each start of Node.js say its flags. */
const SAYING = 'data:text/javascript,console.error(JSON.stringify(process.execArgv.filter((a)=>/size/.test(a))))';

const SETTLED = '["--max-semi-space-size=4","--max-old-space-size=800"]';

async function start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const { MALLOC_ARENA_MAX: _, ...inherited } = process.env;
    const options = { env: { ...inherited, NODE_OPTIONS: `--import=${SAYING}`, ...env } };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [BINARY, ...args], options).catch(
        (error: { stdout: string; stderr: string; code: number }) => ({ ...error, stdout: `exit ${error.code}` }),
    );
    return { out: stdout.trim(), flags: stderr.split('\n').filter((line) => line.startsWith('[')) };
}

describe.runIf(process.platform === 'linux')('the installed command', () => {
    it('goes on as a process that keeps its memory small, with the same arguments and exit code', async () => {
        expect(await start(['--version'])).toEqual({ out: '0.1.0', flags: ['[]', SETTLED] });
        expect((await start(['no such command'])).out).toBe('exit 2');
    });

    it('starts once where somebody has settled how memory is kept', async () => {
        expect(await start(['--version'], { MALLOC_ARENA_MAX: '8' })).toEqual({ out: '0.1.0', flags: ['[]'] });
    });
});
