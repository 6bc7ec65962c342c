/* ---
model: int_exposure_candidates
purpose: The first moment of a day at which a user met what the product page experiments change.
grain: one row per user and date with an eligible event
key: [user_id, eligible_on]
kind: by_date
date: eligible_on
--- */
with
eligible as (
    select
        user_id,
        event_id,
        occurred_at as eligible_at,
        occurred_on as eligible_on,
        row_number() over (partition by user_id, occurred_on order by occurred_at, event_id) as place
    from {{ ref('fct_events') }}
    where event_name in ('view_product', 'pdp_view')
        and user_id is not null
),

final as (
    select
        user_id,
        event_id,
        eligible_at,
        eligible_on
    from eligible
    where place = 1
)

select * from final
