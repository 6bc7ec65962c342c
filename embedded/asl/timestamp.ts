const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/**
 * Milliseconds since 1970 of a timestamp of the States Language (RFC 3339, capital T and Z); undefined for anything
 * else, also for dates that do not exist.
 */
export function parseTimestamp(value: unknown): number | undefined {
    const match = typeof value === 'string' ? RFC3339.exec(value) : null;
    if (!match) return undefined;
    const [whole, , month, day, hour, minute, second] = match;
    const lastDay = new Date(Date.UTC(Number(match[1]), Number(month), 0)).getUTCDate();
    if (Number(day) < 1 || Number(day) > lastDay) return undefined;
    if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
    const at = Date.parse(whole);
    return Number.isNaN(at) ? undefined : at;
}
