import { coerceError } from '#core/errors.ts';
import { TASKS, type TaskName } from './tasks.ts';

/** Started by `inChild`: runs the one task it is told and answers with its result or its error. */
process.once('message', async (message) => {
    const { name, input } = message as { name: TaskName; input: never };
    const answer = await TASKS[name](input).then(
        (result: unknown) => ({ result }),
        (thrown: unknown) => ({ error: coerceError(thrown).stack ?? String(thrown) }),
    );
    process.send?.(answer, () => process.disconnect());
});
