import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findPython } from '../../../localstack/python.ts';

const python = await findPython().catch(() => undefined);

it.skipIf(python === undefined)('runs functions and names their errors as AWS does', { timeout: 60_000 }, () => {
    const run = spawnSync(python!.path, ['-B', join(import.meta.dirname, 'node_process_test.py')], {
        encoding: 'utf8',
        env: { ...process.env, CARTLAKE_LAMBDA_NODE: process.execPath },
    });

    expect(run.stderr).toMatch(/Ran 13 tests[\s\S]*OK/);
    expect(run.status).toBe(0);
});
