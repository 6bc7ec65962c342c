/* ---
model: int_exposure_candidates
purpose: The first moment of a day at which a user met what an experiment changes.
grain: one row per exposure (a set of events), user and date with one of its events
key: [exposure, user_id, eligible_on]
kind: by_date
date: eligible_on
--- */
with
-- Experiments that wait for the same events share an exposure.
exposures as (
    select distinct exposure, event_name
    from {{ ref('experiment_exposures') }}
),

eligible as (
    select
        exposures.exposure,
        events.user_id,
        events.event_id,
        events.occurred_at as eligible_at,
        events.occurred_on as eligible_on,
        row_number() over (
            partition by exposures.exposure, events.user_id, events.occurred_on
            order by events.occurred_at, events.event_id
        ) as place
    from {{ ref('fct_events') }} as events
    inner join exposures on events.event_name = exposures.event_name -- an event to every exposure it is one of
    where events.user_id is not null
),

final as (
    select
        exposure,
        user_id,
        event_id,
        eligible_at,
        eligible_on
    from eligible
    where place = 1
)

select * from final
