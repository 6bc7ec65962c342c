import { inThousands } from '#core/thousands.ts';

// Made on first use: the tables of languages take a while to load.
let tenths: Intl.NumberFormat | undefined;

/** `1,234,567`, of a whole number. */
export function count(number: number): string {
    return inThousands(String(number));
}

/** `1 file`, `1,200 files` */
export function counted(number: number, noun: string, plural = `${noun}s`): string {
    return `${count(number)} ${number === 1 ? noun : plural}`;
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** Decimal units: `999 B`, `1.2 MB` */
export function bytes(number: number): string {
    let value = number;
    let unit = 0;
    // From 999.95 on it would print as 1,000.
    while (value >= 999.95 && unit < UNITS.length - 1) {
        value /= 1000;
        unit += 1;
    }
    tenths ??= new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });
    return `${tenths.format(value)} ${UNITS[unit]}`;
}

/** `80 ms`, `4.5 s`, `2 min 5 s` */
export function duration(milliseconds: number): string {
    if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
    if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
    const seconds = Math.round(milliseconds / 1000);
    return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** `2026-01-31 08:05` of an instant (UTC); a dash for none. */
export function minute(instant: string | undefined): string {
    return instant === undefined ? '-' : instant.slice(0, 16).replace('T', ' ');
}
