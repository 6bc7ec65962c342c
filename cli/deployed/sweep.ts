import { createLambdaClient, invokeFunction } from '#adapters/lambda/invoke.ts';
import type { Notices } from '#adapters/sqs/notices.ts';
import { untilIngested } from '#core/execution/outcome.ts';
import { ledgerId } from '#core/ledger/entry.ts';
import type { Sweep } from '#core/ledger/sweep.ts';
import type { ObjectRef } from '#core/types.ts';
import { type Target, targetOption } from '../globals.ts';
import type { FileResult } from '../ingest/file-results.ts';
import { counted } from '../output/numbers.ts';
import type { Answer, Output } from '../output/output.ts';
import { withNotices } from './dead-letters.ts';
import { outcomeAnswer, watchDeployedBuilds } from './outcome.ts';
import type { DeployedPipeline } from './use-deployment.ts';

interface Options {
    /** Also files the ledger does not know. */
    readonly landed?: true;
    readonly patience: number;
}

/** Has a deployed pipeline restart what got stuck, and waits for what becomes of it. */
export function deployedSweep(target: Target, { landed, patience }: Options, output: Output): Promise<Answer> {
    return withNotices(target, async (pipeline, notices) => {
        const patienceMs = patience * 1_000;
        const outcome = await watchDeployedBuilds(pipeline, patienceMs);
        const stuck = (await pipeline.ledger.unfinished()).map(({ object }) => object);
        const unheard = landed ? await announceUnheard(pipeline, notices) : [];
        if (landed) output.note(`${counted(unheard.length, 'file')} had landed and was not known to the ledger.`);
        const sweep = await swept(pipeline.name);
        output.note(
            `Restarted ${counted(sweep.restarted, 'ingest')}, gave up ${sweep.rejected}, read ${sweep.restaged} again for a changed contract.`,
        );
        const results = (await untilIngested(pipeline, [...stuck, ...unheard], patienceMs)).map(
            ({ entry }): FileResult => {
                return { name: entry.object.key, entry, known: false, problem: undefined };
            },
        );
        const more = { sweep: { ...sweep, unheard: unheard.length } };
        return outcomeAnswer(results, await outcome(), targetOption(target), more);
    });
}

/** Tells the pipeline of landed files that are not in its ledger, whatever kept their events from it. */
async function announceUnheard(pipeline: DeployedPipeline, notices: Notices): Promise<ObjectRef[]> {
    const known = new Set((await pipeline.control.list('control/ledger')).map((key) => key.split('/').at(-1)));
    const unheard = (await pipeline.landed()).flatMap(({ object }) => (known.has(ledgerId(object)) ? [] : object));
    await notices.announce(unheard);
    return unheard;
}

async function swept(pipeline: string): Promise<Sweep> {
    const client = createLambdaClient();
    try {
        return (await invokeFunction(client, `${pipeline}-sweep`, {})) as Sweep;
    } finally {
        client.destroy();
    }
}
