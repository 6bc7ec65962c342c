import { describe, expect, it } from 'vitest';
import type { EmbeddedContext } from '#embedded/context.ts';
import { lambdaContext, machinePlaceholders, stageHandlers } from '#embedded/stages.ts';
import { createFakeTelemetry } from '#test/support/fakes/telemetry.ts';

type Context = Parameters<typeof stageHandlers>[0];

/** Its input is looked at before anything of the context is. */
const NO_CONTEXT = {} as EmbeddedContext as Context;

describe('a stage', () => {
    const { LakeBucket: _, ...functions } = machinePlaceholders();

    it.each(Object.values(functions))('is loaded under its own name when it is called: %s', async (name) => {
        const handler = stageHandlers(NO_CONTEXT, createFakeTelemetry()).get(name);

        await expect(handler?.(null, lambdaContext(name, undefined))).rejects.toThrow(
            `The input of ${name} is wrong: `,
        );
    });

    it('goes on after a call that failed', async () => {
        const telemetry = createFakeTelemetry();
        const handler = stageHandlers(NO_CONTEXT, telemetry).get('finish');
        const failures = await Promise.allSettled(
            [1, 2].map(() => handler?.(null, lambdaContext('finish', undefined))),
        );

        expect(failures.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
        expect(telemetry.flushes).toBe(2);
    });
});
