import { promoteStep } from '#core/build/steps.ts';
import { ConflictError } from '#core/errors.ts';
import type { MartPublisher } from '#core/publish/publisher.ts';
import type { ControlStore } from '#core/store/ports.ts';
import type { EmbeddedContext } from '#embedded/context.ts';
import type { Handler } from '#lambdas/_chain/chain.ts';
import type { MemoryPublisher } from '../fakes/memory-publisher.ts';
import type { Turns } from './turns.ts';

/** A fault put in on purpose, to see the chaos tests find it. */
export type PlantedFault = 'no conditional put' | 'publish without its log' | 'promote before check';

/** A control store whose last writer wins. */
export function withoutConditions(control: ControlStore): ControlStore {
    const put = async <T>(key: string, value: T): Promise<string> => {
        const current = await control.read(key);
        try {
            return await (current ? control.replace(key, value, current.etag) : control.create(key, value));
        } catch (error) {
            if (error instanceof ConflictError) return put(key, value);
            throw error;
        }
    };
    return {
        read: (key) => control.read(key),
        create: put,
        replace: put,
        remove: (key) => control.remove(key),
        list: (prefix) => control.list(prefix),
    };
}

/** A publisher that commits the rows first and writes its log afterwards. */
export function withLateLog(publisher: MemoryPublisher, turns: Turns): MartPublisher {
    const log = new Map<string, string>();
    const late: MartPublisher = {
        connected: (work) => work(late),
        currentVersions: async () => new Map(log),
        async publish(run) {
            for (const { table } of run.marts) {
                const known = publisher.marts.get(table);
                if (known) publisher.marts.set(table, { ...known, version: log.get(table) ?? 'none' });
            }
            const done = await publisher.publish(run);
            await turns.call('publisher.log', async () => {
                for (const { table, versionId } of run.marts) log.set(table, versionId);
            });
            return done;
        },
    };
    return late;
}

/** Shows each version as soon as it is built; the check comes after. */
export function withEarlyPromotion(handlers: Map<string, Handler>, context: EmbeddedContext): void {
    const build = handlers.get('build') as Handler;
    handlers.set('build', async (event, lambda) => {
        const built = (await build(event, lambda)) as { changed: boolean };
        const { run, model } = event as { run: string; model: string };
        if (built.changed) await promoteStep(context, run, model);
        return built;
    });
}
