import type { ExperimentAnalysis, TrustCheck } from '../../experiment/document.ts';
import { formatCount } from '../../experiment/format.ts';
import type { ReportMeta } from './meta.ts';

const DAY = 86_400_000;

/**
 * How far the data behind the page reach: news of the page, not of the analysis, whose numbers do not depend on when it
 * is written. None for a table of units, which says nothing of time.
 */
export function freshnessCheck(
    { plan }: Pick<ExperimentAnalysis, 'plan'>,
    { dataThrough, generatedAt }: Pick<ReportMeta, 'dataThrough' | 'generatedAt'>,
): TrustCheck[] {
    if (dataThrough === null || plan.looks.kind === 'once') return [];
    const days = Math.floor((Date.parse(generatedAt) - Date.parse(dataThrough)) / DAY);
    const through = `${dataThrough.slice(0, 16).replace('T', ' ')} UTC`;
    const isOver = plan.endsOn !== null && plan.endsOn < dataThrough.slice(0, 10);
    const late = 'Rows that come late are counted when they come: their dates are built again.';
    const isFresh = days < 2 || isOver;
    return [
        {
            id: 'freshness',
            label: 'Newest event',
            level: isFresh ? 'ok' : 'caution',
            measured: `through ${through}`,
            detail: isFresh
                ? `The data reach to ${through}. ${late}`
                : `The newest event is ${formatCount(days)} days older than this page: what users did since is missing, unless the experiment is over. ${late}`,
        },
    ];
}
