import type { Trouble } from '#core/status/troubles.ts';

/** Commands in advice that act on a lake, up to where an option goes. */
const COMMAND = /cartlake (?:build|executions [\w-]+)/g;

/** A trouble of a deployed pipeline with what a person types there: `option` is what finds it. */
export function withNextThere(trouble: Trouble, option: string): Trouble {
    // A build restarts no ingest there: that is the sweeper's.
    if (trouble.kind === 'unfinished_object') return { ...trouble, next: `cartlake sweep${option}` };
    return { ...trouble, next: trouble.next.replaceAll(COMMAND, (command) => command + option) };
}
