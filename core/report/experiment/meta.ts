import type { IsoInstant } from '../../types.ts';

/** What the page says about itself; nothing here changes a number. */
export interface ReportMeta {
    readonly generatedAt: IsoInstant;
    /** Newest event the data holds, or null when unknown. */
    readonly dataThrough: IsoInstant | null;
    /** The build the numbers come from. */
    readonly run: string | null;
    /** Name of the analysis: equal inputs, plan and method give one hash. */
    readonly hash: string;
    /** The same report in other forms. Links with a scheme other than http(s) are left out. */
    readonly links: readonly { readonly label: string; readonly href: string }[];
}

/** Links that may stand in a page: relative ones and http(s). */
export function safeLinks(meta: ReportMeta): ReportMeta['links'] {
    return meta.links.filter(({ href }) => /^https?:\/\//i.test(href) || !/^[^/?#]*:/.test(href.trim()));
}
