/* ---
model: int_analysis_moments
purpose: The moments an analysis reads, by date for everybody, merged over dates for segments of what can be a goal.
grain: one row per experiment, date of exposure, variant and metric, and one per experiment, variant, dimension, segment and metric
kind: view
--- */
with
plans as (
    select experiment_id, plan
    from {{ ref('experiment_plans') }}
),

-- Two thirds of the rows are segments of metrics that are nobody's goal. Undeclared experiments have the default goals.
moments as (
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
        moments.comoment
    from {{ ref('experiment_moments') }} as moments
    left join plans on moments.experiment_id = plans.experiment_id
    where moments.dimension = 'all'
        or (plans.plan is null and moments.metric in ('purchased', 'revenue'))
        or plans.plan like '%"' || moments.metric || '"%'
),

-- Sums of floating numbers depend on their order, so it is given: the same rows give the same digits.
means as (
    select
        experiment_id,
        max(exposed_on) as exposed_on,
        variant,
        dimension,
        segment,
        metric,
        cast(sum(count_units) as bigint) as count_units,
        sum(count_units * mean_numerator order by exposed_on) / cast(sum(count_units) as double) as mean_numerator,
        sum(count_units * mean_denominator order by exposed_on) / cast(sum(count_units) as double) as mean_denominator
    from moments
    where dimension <> 'all'
    group by experiment_id, variant, dimension, segment, metric
),

-- Deviations from the mean of all days = those from a day's mean and those of the days' means.
merged as (
    select
        moments.experiment_id,
        moments.variant,
        moments.dimension,
        moments.segment,
        moments.metric,
        sum(
            moments.m2_numerator
            + moments.count_units * power(moments.mean_numerator - means.mean_numerator, 2)
            order by moments.exposed_on
        ) as m2_numerator,
        sum(
            moments.m2_denominator
            + moments.count_units * power(moments.mean_denominator - means.mean_denominator, 2)
            order by moments.exposed_on
        ) as m2_denominator,
        sum(
            moments.comoment
            + moments.count_units
            * (moments.mean_numerator - means.mean_numerator)
            * (moments.mean_denominator - means.mean_denominator)
            order by moments.exposed_on
        ) as comoment
    from moments
    inner join means
        on moments.experiment_id = means.experiment_id
        and moments.variant = means.variant
        and moments.dimension = means.dimension
        and moments.segment = means.segment
        and moments.metric = means.metric
    group by moments.experiment_id, moments.variant, moments.dimension, moments.segment, moments.metric
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
    from moments
    where dimension = 'all'
    union all
    select
        means.experiment_id,
        means.exposed_on, -- the last one
        means.variant,
        means.dimension,
        means.segment,
        means.metric,
        means.count_units,
        means.mean_numerator,
        merged.m2_numerator,
        means.mean_denominator,
        merged.m2_denominator,
        merged.comoment
    from means
    inner join merged
        on means.experiment_id = merged.experiment_id
        and means.variant = merged.variant
        and means.dimension = merged.dimension
        and means.segment = merged.segment
        and means.metric = merged.metric
)

select * from final
