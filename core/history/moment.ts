import type { IsoInstant } from '../types.ts';

/** `2026-11-20` or `2026-11-20T10:00:00Z` as an instant; undefined for anything else, such as a version. */
export function momentOf(text: string): IsoInstant | undefined {
    if (!/^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/.test(text)) return undefined;
    const zoned = text.length === 10 || /(Z|[+-]\d{2}:\d{2})$/.test(text) ? text : `${text}Z`;
    const milliseconds = Date.parse(zoned.replace(' ', 'T'));
    return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds).toISOString();
}
