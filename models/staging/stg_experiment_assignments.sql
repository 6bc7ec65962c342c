/* ---
model: stg_experiment_assignments
purpose: Which variant of an experiment a user was assigned, one row for every landed row.
grain: one row per landed row of experiment_assignments
kind: view
--- */
select
    experiment_id,
    user_id,
    variant,
    assigned_at,
    _landed_at,
    _source_uri,
    _source_version,
    _source_row
from {{ ref('experiment_assignments') }}
