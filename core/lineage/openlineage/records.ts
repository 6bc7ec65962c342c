import { ConflictError } from '../../errors.ts';
import type { ControlStore } from '../../store/ports.ts';
import type { IsoDate, IsoInstant } from '../../types.ts';
import type { RunEvent } from './event.ts';

const PLACE = 'control/openlineage';
const DAY_MS = 86_400_000;
/** Longer than any execution may take: events of a run stand under the day it began. */
const LONGEST_RUN_MS = DAY_MS;

/**
 * Writes the events of one execution as one document that is never changed: a step that is repeated finds it there.
 *
 * @param name of the execution, with its machine: `build-build-3-1`
 * @param startedAt says under which day it stands; the same whenever the step is repeated
 */
export async function recordEvents(
    control: ControlStore,
    name: string,
    startedAt: IsoInstant,
    events: readonly RunEvent[],
): Promise<void> {
    await control.create(`${PLACE}/${startedAt.slice(0, 10)}/${name}`, events).catch((error: unknown) => {
        if (!(error instanceof ConflictError)) throw error;
    });
}

/** All events from an instant on, day by day in the order of their times. Cost grows with the days asked for. */
export async function* recordedEvents(
    control: Pick<ControlStore, 'list' | 'read'>,
    between: { readonly since?: IsoInstant | undefined; readonly now: IsoInstant },
): AsyncGenerator<RunEvent> {
    const { since = '' } = between;
    for (const [, keys] of await documentsByDay(control, between)) {
        const documents = await Promise.all(keys.map((key) => control.read<readonly RunEvent[]>(key)));
        const events = documents.flatMap((document) => document?.value ?? []);
        // Sorting keeps the order of equal times: a run's own.
        yield* events
            .filter(({ eventTime }) => eventTime >= since)
            .sort((a, b) => (a.eventTime < b.eventTime ? -1 : a.eventTime > b.eventTime ? 1 : 0));
    }
}

async function documentsByDay(
    control: Pick<ControlStore, 'list'>,
    { since, now }: { readonly since?: IsoInstant | undefined; readonly now: IsoInstant },
): Promise<Map<IsoDate, string[]>> {
    const byDay = new Map<IsoDate, string[]>();
    const lists = since === undefined ? [PLACE] : daysFrom(since, now).map((day) => `${PLACE}/${day}`);
    for (const prefix of lists) {
        for (const key of await control.list(prefix)) {
            const day = key.slice(PLACE.length + 1).split('/')[0] as IsoDate;
            byDay.set(day, [...(byDay.get(day) ?? []), key]);
        }
    }
    return byDay;
}

function daysFrom(since: IsoInstant, now: IsoInstant): IsoDate[] {
    const days: IsoDate[] = [];
    const first = Math.floor((Date.parse(since) - LONGEST_RUN_MS) / DAY_MS) * DAY_MS;
    for (let day = first; day <= Date.parse(now); day += DAY_MS) days.push(new Date(day).toISOString().slice(0, 10));
    return days;
}
