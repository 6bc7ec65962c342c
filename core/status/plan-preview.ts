import { readRequests } from '../build/requests.ts';
import type { RunPlan } from '../build/run.ts';
import { describeRun, type StepContext } from '../build/steps.ts';
import type { BlobStore } from '../store/ports.ts';

/** What a build would do now. Nothing is started and nothing is written. */
export async function previewPlan(context: StepContext): Promise<RunPlan> {
    const kept = new Map<string, string>();
    const blobs: BlobStore = {
        ...context.blobs,
        putText: async (key, text) => {
            kept.set(key, text);
        },
        readText: async (key) => kept.get(key) ?? context.blobs.readText(key),
    };
    const { requested } = await readRequests(context.control);
    return describeRun({ ...context, blobs }, 'preview', requested);
}
