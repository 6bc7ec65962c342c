import { UsageError } from '#core/errors.ts';
import type { Globals, Target } from './globals.ts';

/**
 * The deployment a command is about that makes no sense for a lake in a folder.
 *
 * @throws UsageError when none is named
 */
export function requireTarget({ target }: Pick<Globals, 'target'>, command: string): Target {
    if (target) return target;
    throw new UsageError(
        `cartlake ${command} is about a deployed pipeline: say which with --target localstack or --target aws. ` +
            'A lake in a folder has no queues and functions; cartlake build takes up what got stuck in it.',
    );
}
