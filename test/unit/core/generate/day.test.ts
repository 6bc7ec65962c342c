import { describe, expect, it } from 'vitest';
import { generateEventsDay } from '#core/generate/day.ts';
import { generateShop } from '#core/generate/shop.ts';
import { rowsOf, textOf } from './read.ts';

const OPTIONS = { users: 5_000, seed: 4, startDate: '2024-01-01', days: 30 };
const shop = generateShop(OPTIONS);
const first = generateEventsDay(OPTIONS, 1);
const second = generateEventsDay(OPTIONS, 2);

describe('generateEventsDay', () => {
    it('names its files after the day that follows the shop', () => {
        expect(first.files.map(({ name }) => name)).toEqual(['sessions_2024-01-31.csv', 'events_2024-01-31.csv']);
        expect(second.files.map(({ name }) => name)).toEqual(['sessions_2024-02-01.csv', 'events_2024-02-01.csv']);
    });

    it('has about the events of any other day, all starting on that day', () => {
        const sessions = rowsOf(first, 'sessions');
        expect(Math.abs(sessions.length - (3 * 5_000) / 30)).toBeLessThan(70);
        for (const { session_start_ts } of sessions) expect(session_start_ts).toMatch(/^2024-01-31 /);
        expect(Math.abs(rowsOf(first, 'events').length / sessions.length - 2.9)).toBeLessThan(0.2);
    });

    it('brings ids that neither the shop nor another day has', () => {
        for (const [name, id] of [
            ['sessions', 'session_id'],
            ['events', 'event_id'],
        ] as const) {
            const ids = [shop, first, second].flatMap((files) => rowsOf(files, name).map((row) => row[id]));
            expect(new Set(ids).size).toBe(ids.length);
            expect(ids.every((text) => Number.isSafeInteger(Number(text)))).toBe(true);
        }
    });

    it('links to users of the shop, and events to sessions', () => {
        const users = new Map(rowsOf(shop, 'users').map((row) => [row.user_id, row]));
        const sessions = new Map(rowsOf(first, 'sessions').map((row) => [row.session_id, row]));
        for (const event of rowsOf(first, 'events')) {
            const session = sessions.get(event.session_id)!;
            expect(event.user_id).toBe(session.user_id);
            expect(users.get(event.user_id)!.device_type).toBe(session.device_type);
            expect(event.event_ts! >= session.session_start_ts! && event.event_ts! <= session.session_end_ts!).toBe(
                true,
            );
        }
    });

    it('is the same every time, and carries effect and dirt', () => {
        expect(textOf(generateEventsDay(OPTIONS, 1), 'events')).toBe(textOf(first, 'events'));
        const dirty = generateEventsDay({ ...OPTIONS, dirty: 0.1 }, 1);
        expect(textOf(dirty, 'events').length).toBeGreaterThan(textOf(first, 'events').length);
        expect(dirty.manifest().rejected).toBeGreaterThan(50);
        const buyers = (effect: number) =>
            rowsOf(generateEventsDay({ ...OPTIONS, users: 100_000, days: 10, effect }, 8), 'events').filter(
                ({ event_type }) => event_type === 'purchase',
            ).length;
        // On day 8 all users are assigned; about 900 buy, half of them treated: the standard error is 0.017.
        expect(Math.abs(buyers(-1) / buyers(0) - 0.5)).toBeLessThan(0.05);
    });

    it('refuses a day that is none', () => {
        expect(() => generateEventsDay(OPTIONS, 0)).toThrow(
            'generate: expected day to be an integer from 1 to 3660, found 0.',
        );
    });
});
