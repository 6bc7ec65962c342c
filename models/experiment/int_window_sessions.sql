/* ---
model: int_window_sessions
purpose: What each exposed user did in each session during the seven days (168 hours) from first exposure.
grain: one row per experiment, exposed user and session with an event in the window (events without one share a row)
kind: view
--- */
with
exposures as (
    select experiment_id, user_id, exposed_at, exposed_on, window_ends_at
    from {{ ref('user_exposure', 'own dates') }}
),

events as (
    select user_id, session_id, event_name, is_purchase, net_revenue, occurred_at
    from {{ ref('fct_events') }}
),

sessions as (
    select session_id, started_at, started_on, ended_at
    from {{ ref('fct_sessions') }}
    where ended_at >= started_at
),

session_outcomes as (
    select
        exposures.experiment_id,
        exposures.user_id,
        exposures.exposed_at,
        exposures.exposed_on,
        exposures.window_ends_at,
        events.session_id,
        count(*) as count_events,
        count(case when events.event_name not in ('session_start', 'logout') then 1 end) as count_actions,
        count(case when events.event_name = 'add_to_cart' then 1 end) as count_carts,
        count(case when events.event_name = 'begin_checkout' then 1 end) as count_checkouts,
        count(case when events.is_purchase then 1 end) as count_purchases,
        count(case when events.event_name like '%error%' then 1 end) as count_errors,
        count(case when events.occurred_at >= date_add('day', 6, exposures.exposed_at) then 1 end) as count_day_7,
        sum(events.net_revenue) as revenue
    from exposures
    inner join events -- many events to one exposure of each experiment
        on exposures.user_id = events.user_id
        and events.occurred_at >= exposures.exposed_at
        and events.occurred_at < exposures.window_ends_at
    group by
        exposures.experiment_id,
        exposures.user_id,
        exposures.exposed_at,
        exposures.exposed_on,
        exposures.window_ends_at,
        events.session_id
),

-- Only the part of a session inside the window counts: time before exposure is no outcome.
final as (
    select
        session_outcomes.experiment_id,
        session_outcomes.user_id,
        session_outcomes.session_id,
        session_outcomes.count_events,
        session_outcomes.count_actions,
        session_outcomes.count_carts,
        session_outcomes.count_checkouts,
        session_outcomes.count_purchases,
        session_outcomes.count_errors,
        session_outcomes.count_day_7,
        session_outcomes.revenue,
        case
            when sessions.session_id is null then null
            when sessions.ended_at <= session_outcomes.exposed_at then 0
            else date_diff(
                'second',
                case
                    when sessions.started_at < session_outcomes.exposed_at then session_outcomes.exposed_at
                    else sessions.started_at
                end,
                case
                    when sessions.ended_at > session_outcomes.window_ends_at then session_outcomes.window_ends_at
                    else sessions.ended_at
                end
            )
        end as seconds
    from session_outcomes
    left join sessions
        on session_outcomes.session_id = sessions.session_id
        and sessions.started_at < session_outcomes.window_ends_at
        and sessions.started_on >= date_add('day', -1, session_outcomes.exposed_on)
)

select * from final
