import { spawnSync } from 'node:child_process';
import { PROJECT_ROOT } from '#embedded/project.ts';
import type { Place } from './place.ts';

/** The command line on the place's LocalStack. */
export function cartlake(place: Place, ...args: readonly string[]): { code: number | null; output: string } {
    const { status, stdout, stderr } = spawnSync(
        process.execPath,
        ['bin/cartlake.js', '--target', 'localstack', ...args],
        {
            cwd: PROJECT_ROOT,
            env: { ...process.env, CARTLAKE_LOCALSTACK_DIR: place.stateRoot },
            encoding: 'utf8',
        },
    );
    return { code: status, output: stdout + stderr };
}
