/* ---
model: experiment_distributions
purpose: How values of users exposed on a date spread, in buckets one percent wide, for caps and quantiles.
grain: one row per experiment, date of exposure, variant, metric and bucket
key: [experiment_id, exposed_on, variant, metric, bucket]
kind: by_date
date: exposed_on
checks:
  - not_null: [experiment_id, exposed_on, variant, metric, bucket, count_units, sum_values, sum_squares, highest]
--- */
with
metrics as (
    select metric
    from (values ('revenue'), ('events_per_user'), ('session_seconds')) as listed (metric)
),

-- Whole numbers: cents, events, seconds. Branches of one type: else all are cast as decimals.
units as (
    select
        outcomes.experiment_id,
        outcomes.exposed_on,
        outcomes.variant,
        metrics.metric,
        case metrics.metric
            when 'revenue' then cast(outcomes.revenue * 100 as bigint)
            when 'events_per_user' then outcomes.count_events
            else outcomes.session_seconds
        end as amount
    from {{ ref('user_outcomes') }} as outcomes
    cross join metrics -- three rows
    where outcomes.count_variants = 1
),

-- Up to 100 a bucket a value, above it a hundredth of a natural logarithm; what is below zero is one bucket.
bucketed as (
    select
        experiment_id,
        exposed_on,
        variant,
        metric,
        case
            when amount < 0 then -1
            when amount <= 100 then amount
            else 100 + cast(floor(ln(cast(amount as double) / 100) * 100) as bigint)
        end as bucket,
        cast(amount as decimal(38, 0)) as amount
    from units
),

-- Sums of whole numbers are exact in any order; a double only holds them.
final as (
    select
        experiment_id,
        exposed_on,
        variant,
        metric,
        bucket,
        count(*) as count_units,
        cast(sum(amount) as double) as sum_values,
        cast(sum(amount * amount) as double) as sum_squares,
        cast(max(amount) as bigint) as highest
    from bucketed
    group by experiment_id, exposed_on, variant, metric, bucket
)

select * from final
