/* ---
model: experiment_exposure_counts
purpose: How many users each variant exposed on a date, and how many of them are doubtful and why.
grain: one row per experiment, date of exposure, variant, device type, country and user type
key: [experiment_id, exposed_on, variant, device_type, country, user_type]
kind: by_date
date: exposed_on
checks:
  - not_null: [experiment_id, exposed_on, variant, device_type, country, user_type]
--- */
with
exposures as (
    select
        experiment_id,
        exposed_on,
        variant,
        device_type,
        country,
        user_type,
        is_exposed_before_assignment,
        is_window_cut,
        count_variants
    from {{ ref('user_exposure') }}
),

final as (
    select
        experiment_id,
        exposed_on,
        variant,
        device_type,
        country,
        user_type,
        count(*) as count_units,
        count(case when is_exposed_before_assignment then 1 end) as count_exposed_before_assignment,
        count(case when is_window_cut then 1 end) as count_window_cut,
        count(case when count_variants > 1 then 1 end) as count_several_variants
    from exposures
    group by experiment_id, exposed_on, variant, device_type, country, user_type
)

select * from final
