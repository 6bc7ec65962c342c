import { inThousands } from '../../thousands.ts';

/** Cents of a decimal text with two digits, such as `-1234.50`; exact at any size. */
export function centsOf(money: string): bigint {
    const [, sign, whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d{1,2}))?$/.exec(money) ?? [];
    const cents = BigInt(whole) * 100n + BigInt(fraction.padEnd(2, '0'));
    return sign === '-' ? -cents : cents;
}

/** `1234.50` of 123450 cents. */
export function moneyOf(cents: bigint): string {
    const digits = String(cents < 0n ? -cents : cents).padStart(3, '0');
    return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** The exact sum of decimal texts. */
export function sumOf(amounts: Iterable<string>): string {
    let cents = 0n;
    for (const amount of amounts) cents += centsOf(amount);
    return moneyOf(cents);
}

/** `1,234.50`, for people. */
export function formatMoney(money: string): string {
    const [whole = '', fraction = '00'] = money.split('.');
    return `${inThousands(whole.replace('-', '\u2212'))}.${fraction}`;
}

/** A rough amount for an axis: `12k`, `1.5M`, `250`. */
export function formatRough(amount: number): string {
    const scaled = (divisor: number, unit: string) => `${Number((amount / divisor).toPrecision(3))}${unit}`;
    if (Math.abs(amount) >= 1e9) return scaled(1e9, 'B');
    if (Math.abs(amount) >= 1e6) return scaled(1e6, 'M');
    return Math.abs(amount) >= 1e3 ? scaled(1e3, 'k') : scaled(1, '');
}
