/* ---
model: dim_users
purpose: Every user as last described.
grain: one row per user
key: [user_id]
kind: table
checks:
  - not_null: [user_id]
--- */
with
users as (
    select
        user_id,
        country,
        device_type,
        is_new_user,
        signed_up_at,
        signed_up_on,
        _source_uri,
        _source_version,
        _source_row,
        row_number() over (
            partition by user_id
            order by _landed_at desc, _source_uri desc, _source_row desc, _source_version desc
        ) as recency
    from {{ ref('stg_users') }}
),

final as (
    select
        user_id,
        country,
        device_type,
        case when is_new_user then 'new' when not is_new_user then 'returning' end as user_type,
        is_new_user,
        signed_up_at,
        signed_up_on,
        _source_uri,
        _source_version,
        _source_row
    from users
    where recency = 1
)

select * from final
