import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { PipelineError } from '#core/errors.ts';
import type { TaskName, Tasks } from './tasks.ts';

type Answer = { readonly result: unknown } | { readonly error: string };

/** Runs a task in a process of its own, which starts cold and whose memory is only its own. Throws what it throws. */
export async function inChild<Name extends TaskName>(
    name: Name,
    input: Parameters<Tasks[Name]>[0],
): Promise<Awaited<ReturnType<Tasks[Name]>>> {
    const child = fork(join(import.meta.dirname, 'child-main.ts'), {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        serialization: 'advanced',
    });
    let answer: Answer | undefined;
    child.on('message', (message) => {
        answer = message as Answer;
    });
    child.send({ name, input });
    const [code, signal] = await once(child, 'exit');
    if (answer === undefined) {
        throw new PipelineError(
            `The benchmark task ${name} ended without an answer (${signal ?? `exit code ${code}`}).`,
        );
    }
    if ('error' in answer) throw new PipelineError(`The benchmark task ${name} failed: ${answer.error}`);
    return answer.result as Awaited<ReturnType<Tasks[Name]>>;
}
