/* ---
model: int_analysis_moments
purpose: The moments an analysis reads, which are those of everybody, and of segments for what can be a goal.
grain: one row per experiment, date of exposure, variant, dimension, segment and metric
kind: view
--- */
with
plans as (
    select experiment_id, plan
    from {{ ref('experiment_plans') }}
),

-- Two thirds of the rows are segments of metrics that are nobody's goal. Undeclared experiments have the default goals.
final as (
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
)

select * from final
