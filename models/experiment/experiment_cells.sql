/* ---
model: experiment_cells
purpose: Buyers among the users exposed on a date, in the cells of a regression (what was known before, or events in the window).
grain: one row per experiment, date of exposure, variant, kind of cell and cell
key: [experiment_id, exposed_on, variant, cell, device_type, country, user_type, count_events]
kind: by_date
date: exposed_on
checks:
  - not_null: [experiment_id, exposed_on, variant, cell, count_units, count_buyers]
  - accepted_values: {column: cell, values: [before, events]}
--- */
with
outcomes as (
    select
        experiment_id,
        exposed_on,
        variant,
        device_type,
        country,
        user_type,
        count_events,
        has_purchased
    from {{ ref('user_outcomes') }}
    where count_variants = 1
),

-- What was known before exposure and what happened after it are never in one cell: they answer different questions.
final as (
    select
        experiment_id,
        exposed_on,
        variant,
        case when count_events is null then 'before' else 'events' end as cell,
        coalesce(device_type, 'all') as device_type,
        coalesce(country, 'all') as country,
        coalesce(user_type, 'all') as user_type,
        coalesce(count_events, -1) as count_events,
        count(*) as count_units,
        count(case when has_purchased then 1 end) as count_buyers
    from outcomes
    group by grouping sets (
        (experiment_id, exposed_on, variant, device_type, country, user_type),
        (experiment_id, exposed_on, variant, count_events)
    )
)

select * from final
