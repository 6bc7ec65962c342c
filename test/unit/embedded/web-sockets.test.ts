import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '#embedded/project.ts';

/** Whether a process of its own has loaded the client of web sockets when it has run the lines. */
async function loadsClient(...lines: readonly string[]): Promise<boolean> {
    const last = "console.log(process.moduleLoadList.some((name) => name.includes('undici')))";
    const parameters = ['--input-type=module', '--eval', [...lines, last].join('\n')];
    const { stdout } = await promisify(execFile)(process.execPath, parameters, { cwd: PROJECT_ROOT });
    return stdout.trim() === 'true';
}

const LEAVE_OUT = "(await import('#embedded/web-sockets.ts')).leaveOutWebSockets();";
const CHAIN = "await import('#lambdas/_chain/chain.ts');";

describe('leaveOutWebSockets', () => {
    it('keeps the chain of the handlers from loading a client of web sockets', async () => {
        expect(await loadsClient(CHAIN)).toBe(true);
        expect(await loadsClient(LEAVE_OUT, CHAIN)).toBe(false);
    });

    it('leaves the rest of node:http and the global client', async () => {
        const asks =
            "import('node:http').then(({ STATUS_CODES }) => { if (STATUS_CODES[404] === undefined) throw 1; })";
        expect(await loadsClient(LEAVE_OUT, `await ${asks};`)).toBe(false);
        expect(await loadsClient(LEAVE_OUT, "if (typeof WebSocket !== 'function') throw 1;")).toBe(true);
    });
});
