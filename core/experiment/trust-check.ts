/** `alert` stops the decision; `caution` is shown with it. */
export type CheckLevel = 'ok' | 'caution' | 'alert' | 'not_checked';

/** One check of whether the numbers can be believed. */
export interface TrustCheck {
    readonly id:
        | 'sample_ratio'
        | 'sample_ratio_segments'
        | 'sample_ratio_sequential'
        | 'sample_ratio_daily'
        | 'leak'
        | 'several_variants'
        | 'exposed_before_assignment'
        | 'window_cut'
        | 'planned_size'
        | 'planned_dates'
        | 'plan_frozen'
        | 'pre_exposure_bias'
        | 'bots'
        | 'freshness'
        | 'values'
        | 'without_arm';
    readonly label: string;
    readonly level: CheckLevel;
    /** Short: what was measured. */
    readonly measured: string;
    /** One sentence: what it means. */
    readonly detail: string;
}
