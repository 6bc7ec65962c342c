/* ---
model: int_outcome_sums
purpose: Exact sums of the outcomes of users exposed on a date, their squares and products, as a whole and by segment.
grain: one row per experiment, date of exposure, variant and segment (the other two of device type, country and user type are null; all three in the row of the whole)
kind: view
--- */
with
-- Users of several variants belong to none; the others' numbers as whole ones, so that sums are exact in any order.
units as (
    select
        experiment_id,
        exposed_on,
        variant,
        device_type,
        country,
        user_type,
        cast(case when has_purchased then 1 else 0 end as decimal(38, 0)) as purchased,
        cast(case when has_added_to_cart then 1 else 0 end as decimal(38, 0)) as added_to_cart,
        cast(case when has_begun_checkout then 1 else 0 end as decimal(38, 0)) as begun_checkout,
        cast(case when is_retained_day_7 then 1 when not is_retained_day_7 then 0 end as decimal(38, 0)) as retained,
        cast(cast(revenue * 100 as bigint) as decimal(38, 0)) as cents,
        cast(count_events as decimal(38, 0)) as events,
        cast(count_errors as decimal(38, 0)) as errors,
        cast(count_bounced_sessions as decimal(38, 0)) as bounced,
        cast(count_sessions as decimal(38, 0)) as sessions,
        cast(session_seconds as decimal(38, 0)) as seconds,
        cast(count_timed_sessions as decimal(38, 0)) as timed
    from {{ ref('user_outcomes') }}
    where count_variants = 1
),

sums as (
    select
        experiment_id,
        exposed_on,
        variant,
        device_type,
        country,
        user_type,
        count(*) as count_units,
        count(retained) as count_closed,
        sum(purchased) as purchased,
        sum(added_to_cart) as added_to_cart,
        sum(begun_checkout) as begun_checkout,
        sum(retained) as retained,
        sum(cents) as cents,
        sum(cents * cents) as cents_2,
        sum(events) as events,
        sum(events * events) as events_2,
        sum(errors) as errors,
        sum(errors * errors) as errors_2,
        sum(errors * events) as errors_events,
        sum(bounced) as bounced,
        sum(bounced * bounced) as bounced_2,
        sum(sessions) as sessions,
        sum(sessions * sessions) as sessions_2,
        sum(bounced * sessions) as bounced_sessions,
        sum(seconds) as seconds,
        sum(seconds * seconds) as seconds_2,
        sum(timed) as timed,
        sum(timed * timed) as timed_2,
        sum(seconds * timed) as seconds_timed
    from units
    group by grouping sets (
        (experiment_id, exposed_on, variant),
        (experiment_id, exposed_on, variant, device_type),
        (experiment_id, exposed_on, variant, country),
        (experiment_id, exposed_on, variant, user_type)
    )
)

select * from sums
