/* ---
model: fct_sessions
purpose: Every session once, with how long it lasted.
grain: one row per session
key: [session_id]
kind: by_date
date: started_on
checks:
  - not_null: [session_id, started_at, started_on]
  - relationship: {column: user_id, to: dim_users, toColumn: user_id, severity: warn}
--- */
with
sessions as (
    select
        session_id,
        user_id,
        device_type,
        started_at,
        started_on,
        ended_at,
        _source_uri,
        _source_version,
        _source_row,
        row_number() over (
            partition by session_id
            order by _source_uri, _source_row, _source_version
        ) as copy
    from {{ ref('stg_sessions') }}
),

final as (
    select
        session_id,
        user_id,
        device_type,
        -- A session that ends before it starts has no length.
        case when ended_at >= started_at then date_diff('second', started_at, ended_at) end as duration_seconds,
        started_at,
        started_on,
        ended_at,
        _source_uri,
        _source_version,
        _source_row
    from sessions
    where copy = 1
)

select * from final
