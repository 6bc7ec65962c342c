/* ---
model: int_experiment_distributions
purpose: How values of users spread, over all dates of exposure.
grain: one row per experiment, variant, metric and bucket
kind: view
--- */
with
-- The doubles hold whole numbers: added as such, the order of rows does not matter.
final as (
    select
        experiment_id,
        variant,
        metric,
        bucket,
        cast(sum(count_units) as bigint) as count_units,
        cast(sum(cast(sum_values as decimal(38, 0))) as double) as sum_values,
        cast(sum(cast(sum_squares as decimal(38, 0))) as double) as sum_squares,
        max(highest) as highest
    from {{ ref('experiment_distributions') }}
    group by experiment_id, variant, metric, bucket
)

select * from final
