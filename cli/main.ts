import { tellFailure } from './failure.ts';
import { createProgram } from './program.ts';
import { handleStops } from './shutdown.ts';

/** Runs the command line; the exit code is in `process.exitCode`: 0 done, 1 something failed, 2 wrong usage. */
export async function main(parameters: readonly string[]): Promise<void> {
    handleStops();
    try {
        const typed = parameters.length === 0 ? ['--help'] : [...parameters];
        const program = await createProgram(typed[0]);
        await program.parseAsync(typed, { from: 'user' });
    } catch (error) {
        tellFailure(error, '.cartlake', process.env.CARTLAKE_DEBUG === '1');
    }
}
