import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFileTelemetry } from '#embedded/telemetry.ts';
import { temporaryFolder } from '#test/support/temporary.ts';

describe('telemetry in a folder', () => {
    it('writes the lines of an invocation when it ends, after those before it', async () => {
        const lake = await temporaryFolder();
        const telemetry = createFileTelemetry(lake);
        telemetry.log('info', 'probe done', { stage: 'probe' });
        telemetry.measure('Duration', 5, 'milliseconds', 'probe');
        telemetry.flush();
        telemetry.log('error', 'stage failed', { stage: 'stage' });
        telemetry.flush();

        const [name = ''] = await readdir(join(lake, 'logs'));
        const lines = (await readFile(join(lake, 'logs', name), 'utf8')).trimEnd().split('\n');

        expect(name).toMatch(/^\d{4}-\d\d-\d\d\.jsonl$/);
        expect(lines.map((line) => JSON.parse(line))).toEqual([
            { at: expect.any(String), level: 'info', message: 'probe done', stage: 'probe' },
            { at: expect.any(String), measure: 'Duration', value: 5, unit: 'milliseconds', stage: 'probe' },
            { at: expect.any(String), level: 'error', message: 'stage failed', stage: 'stage' },
        ]);
    });

    it('is silent when it cannot write', async () => {
        const lake = await temporaryFolder();
        await writeFile(join(lake, 'logs'), 'in the way');
        const telemetry = createFileTelemetry(lake);
        telemetry.log('info', 'probe done', {});

        expect(() => telemetry.flush()).not.toThrow();
        expect(await readFile(join(lake, 'logs'), 'utf8')).toBe('in the way');
    });
});
