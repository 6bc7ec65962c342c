/* ---
model: int_experiment_cells
purpose: The cells of a regression over all dates of exposure.
grain: one row per experiment, variant, kind of cell and cell
kind: view
--- */
with
final as (
    select
        experiment_id,
        variant,
        cell,
        device_type,
        country,
        user_type,
        count_events,
        cast(sum(count_units) as bigint) as count_units,
        cast(sum(count_buyers) as bigint) as count_buyers
    from {{ ref('experiment_cells') }}
    group by experiment_id, variant, cell, device_type, country, user_type, count_events
)

select * from final
