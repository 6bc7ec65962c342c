import type { ExperimentAnalysis } from './document.ts';

/**
 * Bumped by hand whenever equal inputs give other numbers: an analysis can only be replayed by the version that made
 * it.
 */
export const STATISTICS = '8';

/** The shape of the documents this version writes and its pages are drawn from. */
export const ANALYSIS_FORMAT: ExperimentAnalysis['format'] = 'cartlake.experiment/3';
