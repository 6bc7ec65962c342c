/* ---
model: user_outcomes
purpose: What each exposed user did in the seven days (168 hours) from first exposure.
grain: one row per experiment and exposed user
key: [experiment_id, user_id]
kind: by_date
date: exposed_on
lookback: 1
lookahead: 7
checks:
  - not_null: [experiment_id, user_id, variant, revenue, count_sessions]
publish: user_outcomes
--- */
with
exposures as (
    select
        experiment_id,
        user_id,
        variant,
        device_type,
        country,
        user_type,
        is_exposed_before_assignment,
        is_window_cut,
        count_variants,
        exposed_at,
        exposed_on,
        window_ends_at
    from {{ ref('user_exposure', 'own dates') }}
),

outcomes as (
    select
        experiment_id,
        user_id,
        cast(sum(count_events) as bigint) as count_events,
        cast(sum(count_carts) as bigint) as count_carts,
        cast(sum(count_checkouts) as bigint) as count_checkouts,
        cast(sum(count_purchases) as bigint) as count_purchases,
        cast(sum(count_errors) as bigint) as count_errors,
        cast(sum(count_day_7) as bigint) as count_day_7,
        cast(sum(revenue) as decimal(18, 2)) as revenue,
        count(session_id) as count_sessions,
        -- Bounced: at most one thing done besides arriving and leaving.
        count(case when session_id is not null and count_actions <= 1 then 1 end) as count_bounced_sessions,
        count(seconds) as count_timed_sessions,
        cast(sum(seconds) as bigint) as session_seconds
    from {{ ref('int_window_sessions') }}
    group by experiment_id, user_id
),

final as (
    select
        exposures.experiment_id,
        exposures.user_id,
        exposures.variant,
        exposures.device_type,
        exposures.country,
        exposures.user_type,
        exposures.is_exposed_before_assignment,
        exposures.is_window_cut,
        exposures.count_variants,
        coalesce(outcomes.count_carts, 0) > 0 as has_added_to_cart,
        coalesce(outcomes.count_checkouts, 0) > 0 as has_begun_checkout,
        coalesce(outcomes.count_purchases, 0) > 0 as has_purchased,
        -- Any event in the seventh 24 hours; unknown until they have passed.
        case when not exposures.is_window_cut then coalesce(outcomes.count_day_7, 0) > 0 end as is_retained_day_7,
        coalesce(outcomes.revenue, cast(0 as decimal(18, 2))) as revenue,
        coalesce(outcomes.count_purchases, 0) as count_purchases,
        coalesce(outcomes.count_events, 0) as count_events,
        coalesce(outcomes.count_errors, 0) as count_errors,
        coalesce(outcomes.count_sessions, 0) as count_sessions,
        coalesce(outcomes.count_bounced_sessions, 0) as count_bounced_sessions,
        coalesce(outcomes.count_timed_sessions, 0) as count_timed_sessions,
        coalesce(outcomes.session_seconds, 0) as session_seconds,
        exposures.exposed_at,
        exposures.exposed_on,
        exposures.window_ends_at
    from exposures
    left join outcomes
        on exposures.experiment_id = outcomes.experiment_id
        and exposures.user_id = outcomes.user_id
)

select * from final
