import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selectRows } from '#adapters/postgres/query.ts';
import { aLake, type TestLake } from './lake.ts';

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0 && process.platform === 'linux';

/** Runs `lake-user.ts` as another user from start to end. */
async function runAs(uid: number, ...args: string[]): Promise<{ code: number | null; output: string }> {
    const script = fileURLToPath(new URL('./lake-user.ts', import.meta.url));
    const child = spawn(process.execPath, [script, ...args], { uid, gid: uid, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk) => {
            output += chunk;
        });
    }
    const [code] = await once(child, 'close');
    return { code, output };
}

describe.runIf(isRoot)('as root', () => {
    let lake: TestLake;

    beforeAll(async () => {
        lake = await aLake();
    });
    afterAll(() => lake.remove());

    it('runs as an unprivileged user below folders that only root may enter', async () => {
        await chmod(lake.lake, 0o700);
        const lease = await lake.server.acquire();
        const { pid } = await lake.server.status();

        const status = await readFile(`/proc/${pid}/status`, 'utf8');
        const { uid } = await stat(join(lake.folder, 'cluster', 'data'));
        expect(uid).not.toBe(0);
        expect(status).toMatch(new RegExp(`^Uid:\\s+${uid}\\s+${uid}\\s+${uid}\\s`, 'm'));
        expect(await selectRows(lease.url, 'select 1')).toMatchObject({ rows: [['1']] });
        await lease.release();
    });

    it('refuses another user the data that root made, saying whose it is', async () => {
        await chmod(lake.lake, 0o755);

        const { code, output } = await runAs(NOBODY, lake.folder, 'churn', '1');

        expect(code).toBe(1);
        expect(output).toMatch(/belongs to user id \d+, this is user id 65534/);
    });
});

describe.runIf(isRoot)('as a normal user', () => {
    let lake: TestLake;

    beforeAll(async () => {
        lake = await aLake();
        await mkdir(lake.folder);
        await chmod(lake.lake, 0o755);
        await chown(lake.folder, NOBODY, NOBODY);
    });
    afterAll(() => lake.remove());

    it('runs as that user', async () => {
        expect(await runAs(NOBODY, lake.folder, 'churn', '2')).toEqual({ code: 0, output: 'done\n' });
        expect((await stat(join(lake.folder, 'cluster', 'data'))).uid).toBe(NOBODY);
    });

    it("starts over a lock file left by a crash whose pid is another of the user's programs now", async () => {
        const sleeper = spawn('sleep', ['60'], { uid: NOBODY, gid: NOBODY });
        const lock = join(lake.folder, 'cluster', 'data', 'postmaster.pid');
        await writeFile(
            lock,
            `${sleeper.pid}\n${lake.folder}/cluster/data\n1700000000\n15432\n\n127.0.0.1\n  1 2\nready   \n`,
        );
        await chown(lock, NOBODY, NOBODY);

        const ended = await runAs(NOBODY, lake.folder, 'churn', '1');

        expect(ended).toEqual({ code: 0, output: 'done\n' });
        expect(sleeper.exitCode).toBeNull();
        sleeper.kill();
    });

    it('lets root use the same lake, as the user it belongs to', async () => {
        const lease = await lake.server.acquire();

        expect(await selectRows(lease.url, 'select 1')).toMatchObject({ rows: [['1']] });
        await lease.release();
    });
});
