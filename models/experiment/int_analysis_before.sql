/* ---
model: int_analysis_before
purpose: The joint moments of a metric and the same metric before exposure that an analysis reads, over all dates.
grain: one row per experiment, variant and metric
kind: view
--- */
with
-- Back to the whole numbers that the moments were made of (cents): their sums are exact in any order.
whole_numbers as (
    select
        experiment_id,
        exposed_on,
        variant,
        metric,
        count_units as n,
        case when metric = 'revenue' then 100 else 1 end as scale,
        round(mean_metric * count_units * case when metric = 'revenue' then 100 else 1 end) as y,
        m2_metric * case when metric = 'revenue' then 10000 else 1 end as y_deviations,
        round(mean_before * count_units * case when metric = 'revenue' then 100 else 1 end) as x,
        m2_before * case when metric = 'revenue' then 10000 else 1 end as x_deviations,
        comoment * case when metric = 'revenue' then 10000 else 1 end as codeviations
    from {{ ref('experiment_before_moments') }}
),

sums as (
    select
        experiment_id,
        max(exposed_on) as exposed_on,
        variant,
        metric,
        scale,
        cast(sum(n) as bigint) as n,
        sum(cast(y as decimal(38, 0))) as y,
        sum(cast(round(y_deviations + y * y / n) as decimal(38, 0))) as y_2,
        sum(cast(x as decimal(38, 0))) as x,
        sum(cast(round(x_deviations + x * x / n) as decimal(38, 0))) as x_2,
        sum(cast(round(codeviations + x * y / n) as decimal(38, 0))) as x_y
    from whole_numbers
    group by experiment_id, variant, metric, scale
),

-- As experiment_before_moments has them of a day.
final as (
    select
        experiment_id,
        exposed_on, -- the last one
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
