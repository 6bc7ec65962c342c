import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PROJECT_ROOT } from '#embedded/project.ts';
import { temporaryFolder } from '#test/support/temporary.ts';

const TODAY = new Date().toISOString().slice(0, 10);
const LOCK = {
    name: 'p',
    lockfileVersion: 3,
    requires: true,
    packages: {
        '': { name: 'p', dependencies: { weak: '1.0.0' } },
        'node_modules/weak': { version: '1.0.0', resolved: 'https://registry.invalid/weak.tgz', integrity: 'sha512-x' },
    },
};

/** Runs the script in a project with one dependency, against a registry that answers so. */
async function audit(answer: RequestListener): Promise<{ code: number | null; out: string; err: string }> {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'package-lock.json'), JSON.stringify(LOCK));
    await writeFile(join(folder, 'package.json'), JSON.stringify(LOCK.packages['']));
    const registry = createServer(answer);
    await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void registry.close());
    const child = spawn(process.execPath, [join(PROJECT_ROOT, 'scripts', 'audit.ts')], {
        cwd: folder,
        env: {
            ...process.env,
            npm_config_registry: `http://127.0.0.1:${(registry.address() as { port: number }).port}/`,
            npm_config_cache: join(folder, 'cache'),
        },
    });
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: await ended, out: out.trim(), err: err.trim() };
}

const finding = (severity: string): RequestListener => {
    const advisory = { id: 1, url: 'https://example.com/1', title: 'Falls over', severity, vulnerable_versions: '<2' };
    return (request, response) => {
        const answer = request.url?.includes('advisories') ? { weak: [advisory] } : { name: 'weak', versions: {} };
        response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    };
};

describe('the audit of dependencies', () => {
    it('passes, and says so, where the registry has no audits', async () => {
        const { code, out } = await audit((_, response) => response.writeHead(405).end());

        expect(out).toBe(`npm audit, ${TODAY}: this registry answers 405 to audit requests. Nothing was checked.`);
        expect(code).toBe(0);
    });

    it('fails for a high finding and names it', async () => {
        const { code, out, err } = await audit(finding('high'));

        expect(out).toBe(`npm audit, ${TODAY}: 0 critical, 1 high, 0 moderate, 0 low.`);
        expect(err).toBe('weak: high: Falls over (https://example.com/1)');
        expect(code).toBe(1);
    });

    it('passes with a moderate one, which it counts', async () => {
        const { code, out } = await audit(finding('moderate'));

        expect(out).toBe(`npm audit, ${TODAY}: 0 critical, 0 high, 1 moderate, 0 low.`);
        expect(code).toBe(0);
    });

    it('tells a registry that cannot be asked from one that found something', async () => {
        const { code, err } = await audit((_, response) => response.writeHead(503).end());

        expect(err).toMatch(/^npm audit, .*: could not be asked: .*503/);
        expect(code).toBe(2);
    });
});
