import { createHash, hash as digest } from 'node:crypto';
import { WHOLE } from '../catalog/version.ts';
import type { ModelHeader } from '../models/model.ts';
import type { IsoDate, IsoInstant } from '../types.ts';
import { addDays, dayOf } from './dates.ts';
import type { InputVersions } from './inputs.ts';

/** The window of an input that is read for the dates being built alone. */
export const OWN_DATES = { lookback: 0, lookahead: 0 } as const;

/** Bumped when the engine itself changes what a build writes. */
const ENGINE = 'engine-2';

/**
 * The fingerprint of each part a model should have: a hash of its code and of the versions of exactly the inputs the
 * part's rows can depend on. A part is rebuilt when its fingerprint differs from the stored one.
 *
 * @param ownDates inputs of which a date's rows depend on that date alone, whatever the model's window
 */
export function fingerprintsOf(
    model: Pick<ModelHeader, 'kind' | 'lookback' | 'lookahead' | 'closes'>,
    code: string,
    inputs: ReadonlyMap<string, InputVersions>,
    watermark: IsoInstant | undefined,
    ownDates: ReadonlySet<string> = new Set(),
): Map<IsoDate | typeof WHOLE, string> {
    const names = [...inputs.keys()].sort();
    const base = createHash('sha256').update(`${ENGINE}\n${code}\n`);
    if (model.kind !== 'by_date') {
        for (const name of names) base.update(`${name}=${wholeVersion(inputs.get(name) as InputVersions)}\n`);
        base.update(watermark ?? '');
        return new Map([[WHOLE, base.digest('hex')]]);
    }
    const windows: ((date: IsoDate) => string)[] = [];
    const dates = new Set<IsoDate>();
    for (const name of names) {
        const versions = inputs.get(name) as InputVersions;
        if (versions.kind === 'whole') {
            base.update(`${name}=${versions.version}\n`);
        } else {
            windows.push(windowHash(versions.dates, ownDates.has(name) ? OWN_DATES : model));
            for (const date of versions.dates.keys()) dates.add(date);
        }
    }
    const common = base.digest('hex');
    return new Map(
        [...dates].sort().map((date) => {
            const seen = windows.map((window) => window(date)).join();
            return [date, hash(`${common}\n${seen}\n${seenOf(watermark, date, model)}`)];
        }),
    );
}

function wholeVersion(versions: InputVersions): string {
    if (versions.kind === 'whole') return versions.version;
    return hash([...versions.dates].map(([date, version]) => `${date} ${version}`).join('\n'));
}

/**
 * What rows of a date can know of how far the data reaches: nothing beyond the dates they see, and where they only ask
 * whether their window is closed, nothing before the first of them closes.
 */
function seenOf(
    watermark: IsoInstant | undefined,
    date: IsoDate,
    { lookahead, closes }: Pick<ModelHeader, 'lookahead' | 'closes'>,
): string {
    if (watermark === undefined) return '';
    const begin = closes === undefined ? '' : addDays(date, closes);
    const end = addDays(date, (closes ?? lookahead) + 1);
    if (watermark < begin) return begin;
    return watermark < end ? watermark : end;
}

/** A function from an output date to a hash of the input dates in its window. */
function windowHash(
    dates: ReadonlyMap<IsoDate, string>,
    { lookback, lookahead }: Pick<ModelHeader, 'lookback' | 'lookahead'>,
): (date: IsoDate) => string {
    const sorted = [...dates].sort(([a], [b]) => (a < b ? -1 : 1));
    if (lookback !== 'all') {
        // By number of the day: making texts of dates is most of the cost of a window.
        const byDay = new Map(sorted.map(([date, version]) => [dayOf(date), `${date} ${version}`]));
        return (date) => {
            const seen: string[] = [];
            const middle = dayOf(date);
            for (let day = middle - lookback; day <= middle + lookahead; day++) {
                const input = byDay.get(day);
                if (input !== undefined) seen.push(input);
            }
            return hash(seen.join('\n'));
        };
    }
    // Everything up to a date: a chain of hashes, so that each date costs one more link.
    const days = sorted.map(([date]) => date);
    const chain: string[] = [];
    for (const [date, version] of sorted) chain.push(hash(`${chain.at(-1) ?? ''}\n${date} ${version}`));
    return (date) => chain[upTo(days, addDays(date, lookahead)) - 1] ?? '';
}

/** How many of the sorted days are not after `last`. */
function upTo(days: readonly IsoDate[], last: IsoDate): number {
    let low = 0;
    let high = days.length;
    while (low < high) {
        const middle = (low + high) >> 1;
        if ((days[middle] as string) <= last) low = middle + 1;
        else high = middle;
    }
    return low;
}

function hash(text: string): string {
    return digest('sha256', text).slice(0, 32);
}
