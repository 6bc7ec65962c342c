/* ---
model: int_analysis_exposures
purpose: The exposures an analysis reads, by date for everybody, merged over dates for segments.
grain: one row per experiment, date of exposure and variant, and one per experiment, variant, dimension and segment
kind: view
--- */
with
counts as (
    select
        experiment_id,
        exposed_on,
        variant,
        coalesce(device_type, 'unknown') as device_type,
        coalesce(country, 'unknown') as country,
        coalesce(user_type, 'unknown') as user_type,
        count_units,
        count_exposed_before_assignment,
        count_window_cut,
        count_several_variants
    from {{ ref('experiment_exposure_counts') }}
),

-- Nothing that is said of a segment depends on the day: the date of its row is the last one.
final as (
    select
        experiment_id,
        max(exposed_on) as exposed_on,
        variant,
        case
            when device_type is not null then 'device_type'
            when country is not null then 'country'
            when user_type is not null then 'user_type'
            else 'all'
        end as dimension,
        coalesce(device_type, country, user_type, 'all') as segment,
        cast(sum(count_units) as bigint) as count_units,
        cast(sum(count_exposed_before_assignment) as bigint) as count_exposed_before_assignment,
        cast(sum(count_window_cut) as bigint) as count_window_cut,
        cast(sum(count_several_variants) as bigint) as count_several_variants
    from counts
    group by grouping sets (
        (experiment_id, variant, exposed_on),
        (experiment_id, variant, device_type),
        (experiment_id, variant, country),
        (experiment_id, variant, user_type)
    )
)

select * from final
