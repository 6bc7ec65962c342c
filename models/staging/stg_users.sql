/* ---
model: stg_users
purpose: Users as their files say, one row for every landed row.
grain: one row per landed row of users
kind: view
--- */
select
    user_id,
    country,
    device_type,
    is_new_user,
    signed_up_at,
    cast(signed_up_at as date) as signed_up_on,
    _landed_at,
    _source_uri,
    _source_version,
    _source_row
from {{ ref('users') }}
