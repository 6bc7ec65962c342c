/* ---
model: experiment_moments
purpose: Mergeable moments of each metric over the users exposed on a date, as a whole and by segment.
grain: one row per experiment, date of exposure, variant, dimension, segment and metric
key: [experiment_id, exposed_on, variant, dimension, segment, metric]
kind: by_date
date: exposed_on
checks:
  - not_null: [experiment_id, exposed_on, variant, dimension, segment, metric, count_units, mean_numerator]
  - accepted_values: {column: dimension, values: [all, device_type, country, user_type]}
--- */
with
metrics as (
    select metric
    from (
        values
            ('purchased'),
            ('revenue'),
            ('added_to_cart'),
            ('begun_checkout'),
            ('retained_day_7'),
            ('events_per_user'),
            ('bounce_rate'),
            ('session_duration'),
            ('error_rate')
    ) as listed (metric)
),

-- x is what a metric counts of a user; d what it is divided by where that is not the user.
measured as (
    select
        sums.experiment_id,
        sums.exposed_on,
        sums.variant,
        case
            when sums.device_type is not null then 'device_type'
            when sums.country is not null then 'country'
            when sums.user_type is not null then 'user_type'
            else 'all'
        end as dimension,
        coalesce(sums.device_type, sums.country, sums.user_type, 'all') as segment,
        metrics.metric,
        case when metrics.metric = 'retained_day_7' then sums.count_closed else sums.count_units end as n,
        case when metrics.metric = 'revenue' then 100 else 1 end as scale,
        case metrics.metric
            when 'purchased' then sums.purchased
            when 'revenue' then sums.cents
            when 'added_to_cart' then sums.added_to_cart
            when 'begun_checkout' then sums.begun_checkout
            when 'retained_day_7' then sums.retained
            when 'events_per_user' then sums.events
            when 'bounce_rate' then sums.bounced
            when 'session_duration' then sums.seconds
            when 'error_rate' then sums.errors
        end as x,
        case metrics.metric
            when 'purchased' then sums.purchased
            when 'revenue' then sums.cents_2
            when 'added_to_cart' then sums.added_to_cart
            when 'begun_checkout' then sums.begun_checkout
            when 'retained_day_7' then sums.retained
            when 'events_per_user' then sums.events_2
            when 'bounce_rate' then sums.bounced_2
            when 'session_duration' then sums.seconds_2
            when 'error_rate' then sums.errors_2
        end as x_2,
        case metrics.metric
            when 'bounce_rate' then sums.sessions
            when 'session_duration' then sums.timed
            when 'error_rate' then sums.events
        end as d,
        case metrics.metric
            when 'bounce_rate' then sums.sessions_2
            when 'session_duration' then sums.timed_2
            when 'error_rate' then sums.events_2
        end as d_2,
        case metrics.metric
            when 'bounce_rate' then sums.bounced_sessions
            when 'session_duration' then sums.seconds_timed
            when 'error_rate' then sums.errors_events
        end as x_d
    from {{ ref('int_outcome_sums') }} as sums
    cross join metrics -- nine rows
),

-- Sum of squared deviations = (n sum(x^2) - sum(x)^2) / n, exact up to the one division.
final as (
    select
        experiment_id,
        exposed_on,
        variant,
        dimension,
        segment,
        metric,
        n as count_units,
        cast(x as double) / (scale * cast(n as double)) as mean_numerator,
        cast(n * x_2 - x * x as double) / (scale * scale * cast(n as double)) as m2_numerator,
        cast(d as double) / cast(n as double) as mean_denominator,
        cast(n * d_2 - d * d as double) / cast(n as double) as m2_denominator,
        cast(n * x_d - x * d as double) / cast(n as double) as comoment
    from measured
    where n > 0
)

select * from final
