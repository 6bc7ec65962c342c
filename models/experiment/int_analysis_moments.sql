/* ---
model: int_analysis_moments
purpose: The moments an analysis reads, by date for everybody and what can be a goal, else merged over dates.
grain: one row per experiment, date of exposure, variant and goal, and one per experiment, variant, dimension, segment and metric
kind: view
--- */
with
plans as (
    select experiment_id, plan
    from {{ ref('experiment_plans') }}
),

-- Undeclared experiments have the default goals. Two thirds of the rows are segments of what is nobody's goal.
marked as (
    select
        moments.experiment_id,
        moments.exposed_on,
        moments.variant,
        moments.dimension,
        moments.segment,
        moments.metric,
        moments.count_units,
        moments.mean_numerator,
        moments.m2_numerator,
        moments.mean_denominator,
        moments.m2_denominator,
        moments.comoment,
        case
            when plans.plan is null then moments.metric in ('purchased', 'revenue')
            else plans.plan like '%"' || moments.metric || '"%'
        end as is_goal
    from {{ ref('experiment_moments') }} as moments
    left join plans on moments.experiment_id = plans.experiment_id
),

-- Back to the whole numbers that the moments were made of (cents, seconds): their sums are exact in any order.
whole_numbers as (
    select
        experiment_id,
        exposed_on,
        variant,
        dimension,
        segment,
        metric,
        count_units as n,
        case when metric = 'revenue' then 100 else 1 end as scale,
        round(mean_numerator * count_units * case when metric = 'revenue' then 100 else 1 end) as x,
        m2_numerator * case when metric = 'revenue' then 10000 else 1 end as x_deviations,
        round(mean_denominator * count_units) as d,
        m2_denominator as d_deviations,
        comoment
    from marked
    where (is_goal and dimension <> 'all') or (not is_goal and dimension = 'all')
),

sums as (
    select
        experiment_id,
        max(exposed_on) as exposed_on,
        variant,
        dimension,
        segment,
        metric,
        scale,
        cast(sum(n) as bigint) as n,
        sum(cast(x as decimal(38, 0))) as x,
        sum(cast(round(x_deviations + x * x / n) as decimal(38, 0))) as x_2,
        sum(cast(d as decimal(38, 0))) as d,
        sum(cast(round(d_deviations + d * d / n) as decimal(38, 0))) as d_2,
        sum(cast(round(comoment + x * d / n) as decimal(38, 0))) as x_d
    from whole_numbers
    group by experiment_id, variant, dimension, segment, metric, scale
),

-- As experiment_moments has them of a day.
merged as (
    select
        experiment_id,
        exposed_on, -- the last one
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
    from sums
),

final as (
    select
        experiment_id,
        exposed_on,
        variant,
        dimension,
        segment,
        metric,
        count_units,
        mean_numerator,
        m2_numerator,
        mean_denominator,
        m2_denominator,
        comoment
    from marked
    where is_goal and dimension = 'all'
    union all
    select
        experiment_id,
        exposed_on,
        variant,
        dimension,
        segment,
        metric,
        count_units,
        mean_numerator,
        m2_numerator,
        mean_denominator,
        m2_denominator,
        comoment
    from merged
)

select * from final
