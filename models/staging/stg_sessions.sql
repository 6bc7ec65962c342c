/* ---
model: stg_sessions
purpose: Sessions as their files say, one row for every landed row.
grain: one row per landed row of sessions
kind: view
--- */
select
    session_id,
    user_id,
    device_type,
    started_at,
    cast(started_at as date) as started_on,
    ended_at,
    _source_uri,
    _source_version,
    _source_row
from {{ ref('sessions') }}
