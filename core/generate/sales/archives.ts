import { Random } from '../random.ts';
import { STREAM } from '../streams.ts';
import {
    dirtyRows,
    PART_DIRT,
    PART_DIRT_KINDS,
    type PartDirt,
    ROW_DIRT,
    ROW_DIRT_KINDS,
    type RowDirt,
} from './dirt.ts';
import { eventText, type Names, type OrderEvent, orderEvents } from './events.ts';
import type { Sales } from './options.ts';
import { isoWeek } from './weeks.ts';

export const PARTS_PER_DAY = 5;

/** A file of an archive; an archive of archives has such files as its own. */
export type ArchiveFile =
    | { readonly name: string; readonly text: string }
    | { readonly name: string; readonly files: () => Iterable<ArchiveFile> };

/** One weekly archive; its files are made anew for every iteration. */
export interface WeekArchive {
    /** `events_2023_week_43.zip`: with the ISO year, so that no week takes another's place. */
    readonly name: string;
    readonly files: () => Iterable<ArchiveFile>;
}

/** Counts what was put into the archives. */
export interface Tally {
    events: number;
    readonly rows: Record<RowDirt, number>;
    readonly parts: Record<PartDirt, number>;
    repeatedWeeks: number;
}

export function newTally(): Tally {
    const zeros = <Name extends string>(names: readonly Name[]) =>
        Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
    return { events: 0, rows: zeros(ROW_DIRT_KINDS), parts: zeros(PART_DIRT_KINDS), repeatedWeeks: 0 };
}

/** The weekly archives, in order. Writing one adds to the tally. */
export function* weekArchives(sales: Sales, names: Names, tally: Tally): Generator<WeekArchive> {
    for (let index = 0; index < sales.weeks; index++) yield weekArchive(sales, names, tally, index);
    if (sales.dirty === 0) return;
    // Its bad rows and parts are rejected again; its events are events that were counted.
    const last = weekArchive(sales, names, { ...tally, events: 0 }, sales.weeks - 1);
    tally.repeatedWeeks += 1;
    yield { ...last, name: last.name.replace(/\.zip$/, '_copy.zip') };
}

function weekArchive(sales: Sales, names: Names, tally: Tally, index: number): WeekArchive {
    const { year, week, days } = isoWeek(sales.startDate, index);
    const badDay = index % days.length;
    return {
        name: `events_${year}_week_${String(week).padStart(2, '0')}.zip`,
        files: () =>
            days.map((date, day) => ({
                name: `events_${date}.zip`,
                *files() {
                    const first = (index * days.length + day) * PARTS_PER_DAY;
                    yield* dayParts(sales, names, tally, date, first);
                    if (sales.dirty > 0 && day === badDay) yield badPart(index, tally);
                },
            })),
    };
}

function* dayParts(sales: Sales, names: Names, tally: Tally, date: string, first: number): Generator<ArchiveFile> {
    const random = new Random();
    for (let part = 0; part < PARTS_PER_DAY; part++) {
        random.restart(sales.seed, STREAM.part, first + part);
        const place = { date, part, partsPerDay: PARTS_PER_DAY, events: sales.eventsPerPart };
        const events = orderEvents(place, names, random);
        tally.events += sales.eventsPerPart;
        yield { name: partName(part), text: `[\n${texts(events, sales, tally, first + part).join(',\n')}\n]` };
    }
}

function texts(events: Iterable<OrderEvent>, sales: Sales, tally: Tally, part: number): string[] {
    if (sales.dirty === 0) return Array.from(events, eventText);
    const random = new Random().restart(sales.seed, STREAM.salesDirt, part);
    // Parts begin with different kinds, so that few rows have them all.
    let next = part;
    return Array.from(events).flatMap((event) => {
        if (!random.chance(sales.dirty)) return [eventText(event)];
        const kind = ROW_DIRT_KINDS[next++ % ROW_DIRT_KINDS.length] as RowDirt;
        tally.rows[kind] += 1;
        return dirtyRows(kind, event).map((row) => JSON.stringify(row));
    });
}

function badPart(week: number, tally: Tally): ArchiveFile {
    const kind = PART_DIRT_KINDS[week % PART_DIRT_KINDS.length] as PartDirt;
    tally.parts[kind] += 1;
    return { name: partName(PARTS_PER_DAY), text: PART_DIRT[kind] };
}

function partName(part: number): string {
    return `part-${String(part + 1).padStart(3, '0')}.json`;
}

/** Planted rows that an ingest has to reject. */
export function rejectedRows({ rows }: Tally): number {
    return ROW_DIRT_KINDS.reduce((sum, kind) => sum + (ROW_DIRT[kind] === 'rejected' ? rows[kind] : 0), 0);
}
