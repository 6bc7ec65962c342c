import { describe, expect, it } from 'vitest';
import { addDays } from '#core/build/dates.ts';
import { fingerprintsOf } from '#core/build/fingerprints.ts';
import type { InputVersions } from '#core/build/inputs.ts';

type Header = Parameters<typeof fingerprintsOf>[0];

const byDate = (lookback: Header['lookback'] = 0, lookahead = 0): Header => ({ kind: 'by_date', lookback, lookahead });
const DAYS = Array.from({ length: 20 }, (_, n) => addDays('2026-01-01', n));
const dated = (changes: Record<string, string | undefined> = {}): InputVersions => ({
    kind: 'by_date',
    dates: new Map(
        [...new Set([...DAYS, ...Object.keys(changes)])]
            .map((date) => [date, date in changes ? changes[date] : 'v1'] as const)
            .flatMap(([date, version]) => (version === undefined ? [] : [[date, version] as const])),
    ),
});
const whole = (version: string): InputVersions => ({ kind: 'whole', version });

function fingerprints(header: Header, inputs: Record<string, InputVersions>, code = 'code', watermark?: string) {
    return fingerprintsOf(header, code, new Map(Object.entries(inputs)), watermark);
}

/** Dates whose fingerprints differ between two states. */
function stale(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
    return [...after].filter(([part, fingerprint]) => before.get(part) !== fingerprint).map(([part]) => part);
}

const day = (n: number) => DAYS[n] as string;

describe('a date of a by_date model goes stale', () => {
    it.each([
        { lookback: 0, lookahead: 0, from: 10, to: 10 },
        { lookback: 3, lookahead: 0, from: 10, to: 13 },
        { lookback: 0, lookahead: 2, from: 8, to: 10 },
        { lookback: 3, lookahead: 2, from: 8, to: 13 },
        { lookback: 'all', lookahead: 0, from: 10, to: 19 },
        { lookback: 'all', lookahead: 7, from: 3, to: 19 },
    ] as const)(
        'when a date inside its window changes: $lookback back, $lookahead ahead',
        ({ lookback, lookahead, from, to }) => {
            const header = byDate(lookback, lookahead);
            const before = fingerprints(header, { events: dated() });
            const changed = fingerprints(header, { events: dated({ [day(10)]: 'v2' }) });
            const removed = fingerprints(header, { events: dated({ [day(10)]: undefined }) });

            expect(stale(before, changed)).toEqual(DAYS.slice(from, to + 1));
            expect(stale(before, removed)).toEqual(DAYS.slice(from, to + 1).filter((date) => date !== day(10)));
            expect(removed.has(day(10))).toBe(false);
        },
    );

    it('when that date changes in an input read for the dates being built, whatever the window', () => {
        const stalest = (inputs: Record<string, InputVersions>) => {
            const versions = (changes: Record<string, InputVersions>) =>
                fingerprintsOf(
                    byDate(3, 2),
                    'code',
                    new Map(Object.entries({ events: dated(), users: dated(), ...changes })),
                    undefined,
                    new Set(['users']),
                );
            return stale(versions({}), versions(inputs));
        };

        expect(stalest({ users: dated({ [day(10)]: 'v2' }) })).toEqual([day(10)]);
        expect(stalest({ events: dated({ [day(10)]: 'v2' }) })).toEqual(DAYS.slice(8, 14));
    });

    it('when a date appears inside its window', () => {
        const next = addDays(day(19), 1);
        const before = fingerprints(byDate(2, 1), { events: dated() });
        const after = fingerprints(byDate(2, 1), { events: dated({ [next]: 'v1' }) });

        expect(stale(before, after)).toEqual([day(19), next]);
    });

    it('for any of its inputs', () => {
        const before = fingerprints(byDate(), { events: dated(), sessions: dated() });
        const after = fingerprints(byDate(), {
            events: dated({ [day(3)]: 'v2' }),
            sessions: dated({ [day(5)]: 'v2' }),
        });

        expect(stale(before, after)).toEqual([day(3), day(5)]);
    });

    it('with all others when an input without dates changes, or the code', () => {
        const before = fingerprints(byDate(), { events: dated(), users: whole('1') });

        expect(stale(before, fingerprints(byDate(), { events: dated(), users: whole('2') }))).toEqual(DAYS);
        expect(stale(before, fingerprints(byDate(), { events: dated(), users: whole('1') }, 'other'))).toEqual(DAYS);
    });

    it('when the watermark moves, but only if it stood before the end of its window or does now', () => {
        const at = (watermark: string | undefined) =>
            fingerprints(byDate(0, 2), { events: dated() }, 'code', watermark);
        const before = at(`${day(10)}T12:00:00.000Z`);

        // The window of day 7 ends with day 9, that of day 8 with day 10.
        expect(stale(before, at(`${day(10)}T13:00:00.000Z`))).toEqual(DAYS.slice(8));
        expect(stale(before, at(`${day(15)}T00:00:00.000Z`))).toEqual(DAYS.slice(8));
        expect(stale(before, at(`${day(9)}T00:00:00.000Z`))).toEqual(DAYS.slice(7));
        expect(stale(before, at(undefined))).toEqual(DAYS);
        expect(stale(before, at(`${day(10)}T12:00:00.000Z`))).toEqual([]);
    });

    it('when the watermark moves while windows of its rows close, where that is all it is asked', () => {
        const at = (watermark: string | undefined) =>
            fingerprints({ ...byDate(), closes: 3 }, { events: dated() }, 'code', watermark);
        const before = at(`${day(10)}T12:00:00.000Z`);

        // Windows of day 7 close on day 10.
        expect(stale(before, at(`${day(10)}T13:00:00.000Z`))).toEqual([day(7)]);
        expect(stale(before, at(`${day(12)}T00:00:00.000Z`))).toEqual(DAYS.slice(7, 10));
        expect(stale(before, at(`${day(9)}T00:00:00.000Z`))).toEqual([day(6), day(7)]);
        expect(stale(before, at(undefined))).toEqual(DAYS);
    });

    it('never because inputs are named in another order', () => {
        const one = fingerprints(byDate('all', 1), { events: dated(), users: whole('1'), sessions: dated() });
        const other = fingerprints(byDate('all', 1), { sessions: dated(), users: whole('1'), events: dated() });

        expect(stale(one, other)).toEqual([]);
    });
});

describe('the parts a by_date model should have', () => {
    it('are the dates of any by_date input', () => {
        const inputs = {
            events: { kind: 'by_date', dates: new Map([['2026-01-02', 'v']]) },
            sessions: { kind: 'by_date', dates: new Map([['2026-01-01', 'v']]) },
            users: whole('1'),
        } as const;

        expect([...fingerprints(byDate(), inputs).keys()]).toEqual(['2026-01-01', '2026-01-02']);
        expect(fingerprints(byDate(), { users: whole('1') }).size).toBe(0);
    });
});

describe('a table goes stale', () => {
    const table: Header = { kind: 'table', lookback: 0, lookahead: 0 };
    const base = { events: dated(), users: whole('1') };
    const before = fingerprints(table, base, 'code', '2026-01-01T00:00:00.000Z');

    it('as a whole, with any input, the code or the watermark', () => {
        expect([...before.keys()]).toEqual(['all']);
        for (const after of [
            fingerprints(table, { ...base, events: dated({ [day(3)]: 'v2' }) }, 'code', '2026-01-01T00:00:00.000Z'),
            fingerprints(
                table,
                { ...base, events: dated({ [day(3)]: undefined }) },
                'code',
                '2026-01-01T00:00:00.000Z',
            ),
            fingerprints(table, { ...base, users: whole('2') }, 'code', '2026-01-01T00:00:00.000Z'),
            fingerprints(table, base, 'other', '2026-01-01T00:00:00.000Z'),
            fingerprints(table, base, 'code', '2026-01-01T00:00:01.000Z'),
            fingerprints(table, base, 'code'),
            fingerprints(table, { ...base, more: whole('1') }, 'code', '2026-01-01T00:00:00.000Z'),
        ]) {
            expect(stale(before, after)).toEqual(['all']);
        }
    });

    it('not when everything is as it was', () => {
        expect(stale(before, fingerprints(table, base, 'code', '2026-01-01T00:00:00.000Z'))).toEqual([]);
    });
});
