/* ---
model: experiment_before_moments
purpose: Mergeable joint moments of a metric and the same metric over the 30 days before exposure, of the users exposed on a date.
grain: one row per experiment, date of exposure, variant and metric
key: [experiment_id, exposed_on, variant, metric]
kind: by_date
date: exposed_on
lookback: 30
checks:
  - not_null: [experiment_id, exposed_on, variant, metric, count_units, mean_metric, mean_before, comoment]
--- */
with
outcomes as (
    select experiment_id, user_id, exposed_on, variant, has_purchased, revenue, count_events, exposed_at
    from {{ ref('user_outcomes', 'own dates') }}
    where count_variants = 1
),

events as (
    select user_id, is_purchase, net_revenue, occurred_at
    from {{ ref('fct_events') }}
),

-- Nothing before exposure is a value, not a gap: a user who did nothing did nothing.
before as (
    select
        outcomes.experiment_id,
        outcomes.user_id,
        count(*) as count_events,
        count(case when events.is_purchase then 1 end) as count_purchases,
        sum(events.net_revenue) as revenue
    from outcomes
    inner join events -- many events to one exposure of each experiment
        on outcomes.user_id = events.user_id
        and events.occurred_at >= date_add('day', -30, outcomes.exposed_at)
        and events.occurred_at < outcomes.exposed_at
    group by outcomes.experiment_id, outcomes.user_id
),

metrics as (
    select metric
    from (values ('purchased'), ('revenue'), ('events_per_user')) as listed (metric)
),

-- As whole numbers, so that sums are exact in any order. Branches of one type: else all are cast as long decimals.
units as (
    select
        outcomes.experiment_id,
        outcomes.exposed_on,
        outcomes.variant,
        metrics.metric,
        cast(
            case metrics.metric
                when 'purchased' then case when outcomes.has_purchased then 1 else 0 end
                when 'revenue' then cast(outcomes.revenue * 100 as bigint)
                else outcomes.count_events
            end as decimal(38, 0)
        ) as y,
        cast(
            case metrics.metric
                when 'purchased' then case when before.count_purchases > 0 then 1 else 0 end
                when 'revenue' then cast(coalesce(before.revenue, 0) * 100 as bigint)
                else coalesce(before.count_events, 0)
            end as decimal(38, 0)
        ) as x
    from outcomes
    left join before
        on outcomes.experiment_id = before.experiment_id
        and outcomes.user_id = before.user_id
    cross join metrics -- three rows
),

sums as (
    select
        experiment_id,
        exposed_on,
        variant,
        metric,
        case when metric = 'revenue' then 100 else 1 end as scale,
        count(*) as n,
        sum(y) as y,
        sum(y * y) as y_2,
        sum(x) as x,
        sum(x * x) as x_2,
        sum(x * y) as x_y
    from units
    group by experiment_id, exposed_on, variant, metric
),

-- Sum of squared deviations = (n sum(x^2) - sum(x)^2) / n, exact up to the one division.
final as (
    select
        experiment_id,
        exposed_on,
        variant,
        metric,
        n as count_units,
        cast(y as double) / (scale * cast(n as double)) as mean_metric,
        cast(n * y_2 - y * y as double) / (scale * scale * cast(n as double)) as m2_metric,
        cast(x as double) / (scale * cast(n as double)) as mean_before,
        cast(n * x_2 - x * x as double) / (scale * scale * cast(n as double)) as m2_before,
        cast(n * x_y - x * y as double) / (scale * scale * cast(n as double)) as comoment
    from sums
)

select * from final
