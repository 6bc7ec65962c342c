/** How a metric's moments are read: a share of units, a mean per unit, or a ratio of two sums. */
export type MetricKind = 'proportion' | 'mean' | 'ratio';

/** What one unit of a value is, for rounding and for the words on the page. */
export type MetricUnit = 'share' | 'money' | 'seconds' | 'count';

/** A metric the experiment marts carry, in the words a reader sees. */
export interface Metric {
    readonly name: string;
    readonly label: string;
    readonly kind: MetricKind;
    readonly unit: MetricUnit;
    /** The direction that is good for the shop. */
    readonly better: 'higher' | 'lower';
    /** One line without jargon: what is counted, over whom. */
    readonly meaning: string;
    /** What a ratio's numerator is divided by, in the plural. @default sessions */
    readonly divisor?: string | undefined;
}

const CATALOGUE: readonly Metric[] = [
    {
        name: 'purchased',
        label: 'Purchase rate',
        kind: 'proportion',
        unit: 'share',
        better: 'higher',
        meaning: 'Share of exposed users who bought at least once inside their window.',
    },
    {
        name: 'revenue',
        label: 'Revenue per user',
        kind: 'mean',
        unit: 'money',
        better: 'higher',
        meaning: 'Money paid inside the window, averaged over all exposed users, buyers or not.',
    },
    {
        name: 'added_to_cart',
        label: 'Added to cart',
        kind: 'proportion',
        unit: 'share',
        better: 'higher',
        meaning: 'Share of exposed users who put something in the cart inside their window.',
    },
    {
        name: 'begun_checkout',
        label: 'Began checkout',
        kind: 'proportion',
        unit: 'share',
        better: 'higher',
        meaning: 'Share of exposed users who began a checkout inside their window.',
    },
    {
        name: 'retained_day_7',
        label: 'Came back within 7 days',
        kind: 'proportion',
        unit: 'share',
        better: 'higher',
        meaning: 'Share of users who returned within 7 days; only users whose 7 days are over are counted.',
    },
    {
        name: 'bounce_rate',
        label: 'Bounce rate',
        kind: 'ratio',
        unit: 'share',
        better: 'lower',
        meaning: 'Sessions that ended at once, divided by all sessions.',
    },
    {
        name: 'session_duration',
        label: 'Session duration',
        kind: 'ratio',
        unit: 'seconds',
        better: 'higher',
        meaning: 'Time spent in sessions, divided by the number of sessions.',
    },
    {
        name: 'events_per_user',
        label: 'Events per user',
        kind: 'mean',
        unit: 'count',
        better: 'higher',
        meaning: 'Events inside the window, averaged over all exposed users.',
    },
    {
        name: 'error_rate',
        label: 'Error events',
        kind: 'ratio',
        unit: 'share',
        better: 'lower',
        meaning: 'Events whose name tells of an error, divided by all events inside the window.',
        divisor: 'events',
    },
];

/** The steps of the shop's funnel after the exposure itself, in their order. */
export const FUNNEL_STEPS: readonly string[] = ['added_to_cart', 'begun_checkout', 'purchased'];

/**
 * The description of a metric. One the catalogue does not know is read by the shape of its moments
 * (`hasDenominator`) and shown under its own name, higher being better.
 */
export function describeMetric(name: string, hasDenominator = false): Metric {
    const known = CATALOGUE.find((metric) => metric.name === name);
    if (known !== undefined) return known;
    return {
        name,
        label: name.replaceAll('_', ' '),
        kind: hasDenominator ? 'ratio' : 'mean',
        unit: 'count',
        better: 'higher',
        meaning: hasDenominator ? 'A ratio of two sums.' : 'A mean over all exposed users.',
    };
}

/** The same for a plan, which may describe metrics of its own. */
export function metricOf(plan: { readonly metrics: readonly Metric[] }, name: string, hasDenominator = false): Metric {
    return plan.metrics.find((metric) => metric.name === name) ?? describeMetric(name, hasDenominator);
}

/** Names of the catalogue, in the order a page lists them. */
export const METRIC_NAMES: readonly string[] = CATALOGUE.map((metric) => metric.name);
