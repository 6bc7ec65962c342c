import { createNotices, type DeadLetter, type Notices } from '#adapters/sqs/notices.ts';
import { createSqsClient } from '#adapters/sqs/queue.ts';
import { untilIngested } from '#core/execution/outcome.ts';
import type { ObjectRef } from '#core/types.ts';
import { type Target, targetOption } from '../globals.ts';
import type { FileResult } from '../ingest/file-results.ts';
import { count, counted, minute } from '../output/numbers.ts';
import type { Answer, Output } from '../output/output.ts';
import { table } from '../output/table.ts';
import { outcomeAnswer, watchDeployedBuilds } from './outcome.ts';
import { type DeployedPipeline, useDeployment } from './use-deployment.ts';

/** The files whose notices a deployed pipeline has given up. */
export function deployedDeadLetters(target: Target): Promise<Answer> {
    return withNotices(target, async (_, notices) => {
        const letters = await notices.deadLetters();
        return { document: letters.map(documentOf), lines: lettersLines(letters, targetOption(target)) };
    });
}

/** Has a deployed pipeline admit them once more, and waits for what becomes of the files. */
export function redriveDeadLetters(target: Target, patience: number, output: Output): Promise<Answer> {
    return withNotices(target, async (pipeline, notices) => {
        const outcome = await watchDeployedBuilds(pipeline, patience * 1_000);
        const sent = await notices.redrive();
        const left = (await notices.waiting()).deadLetters;
        const objects = unique(sent.flatMap(({ object }) => object ?? []));
        const there: ObjectRef[] = [];
        for (const object of objects) {
            if (await pipeline.landing.head(object)) there.push(object);
            else output.warn(`${object.key} is not there any more: nothing is read.`);
        }
        output.note(`Sent ${counted(sent.length, 'notice')} again.`);
        const results = (await untilIngested(pipeline, there, patience * 1_000)).map(({ entry }): FileResult => {
            return { name: entry.object.key, entry, known: false, problem: undefined };
        });
        const answer = outcomeAnswer(results, await outcome(), targetOption(target), {});
        const rest =
            left === 0
                ? []
                : ['', `Left, since they name no file: ${count(left)}. AWS shows them: sqs receive-message.`];
        return { ...answer, lines: [...answer.lines, ...rest] };
    });
}

/** Connects to the queues of a deployed pipeline as well. */
export function withNotices<T>(
    target: Target,
    work: (pipeline: DeployedPipeline, notices: Notices) => Promise<T>,
): Promise<T> {
    return useDeployment(target, async (pipeline) => {
        // After the connection: it sets what the environment says of AWS.
        const client = createSqsClient();
        try {
            return await work(pipeline, await createNotices(client, pipeline.name));
        } finally {
            client.destroy();
        }
    });
}

function lettersLines(letters: readonly DeadLetter[], option: string): string[] {
    if (letters.length === 0) return ['No notice was given up: every file that landed was admitted, or still waits.'];
    const rows = letters.map(({ sentAt, object }) => [
        minute(sentAt),
        object?.key ?? 'names no file',
        object?.version ?? '',
    ]);
    return [
        ...table([{ heading: 'landed (UTC)' }, { heading: 'file' }, { heading: 'version' }], rows),
        '',
        `Why: cartlake logs admit${option}`,
        `When the cause is gone: cartlake dead-letters redrive${option}`,
    ];
}

function documentOf({ id, sentAt, object }: DeadLetter): object {
    return { id, sentAt, object: object ?? null };
}

function unique(objects: readonly ObjectRef[]): ObjectRef[] {
    return [...new Map(objects.map((object) => [`${object.key}\n${object.version}`, object])).values()];
}
