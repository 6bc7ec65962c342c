/* ---
model: user_exposure
purpose: When each assigned user first met an experiment, as which variant, and in which segments.
grain: one row per experiment and exposed user
key: [experiment_id, user_id]
kind: by_date
date: exposed_on
lookback: all
lookahead: 7
watermark: events
checks:
  - not_null: [experiment_id, user_id, variant, exposed_at, window_ends_at]
  - relationship: {column: user_id, to: dim_users, toColumn: user_id, severity: warn}
publish: user_exposure
--- */
with
-- Whoever did not come on the dates being built was not exposed on them: one day on a year of users costs a day.
visitors as (
    select distinct user_id
    from {{ ref('int_exposure_candidates', 'own dates') }}
),

candidates as (
    select
        user_id,
        event_id,
        eligible_at,
        eligible_on,
        row_number() over (partition by user_id order by eligible_at, event_id) as place
    from {{ ref('int_exposure_candidates') }}
    where user_id in (select user_id from visitors)
),

-- An assignment that landed twice counts as the row that landed last.
landed_assignments as (
    select
        experiment_id,
        user_id,
        variant,
        assigned_at,
        row_number() over (
            partition by experiment_id, user_id, variant
            order by _landed_at desc, _source_uri desc, _source_row desc, _source_version desc
        ) as recency
    from {{ ref('stg_experiment_assignments') }}
    where user_id in (select user_id from visitors)
),

assignments as (
    select
        experiment_id,
        user_id,
        variant,
        assigned_at,
        row_number() over (partition by experiment_id, user_id order by assigned_at, variant) as place,
        count(*) over (partition by experiment_id, user_id) as count_variants
    from landed_assignments
    where recency = 1
),

users as (
    select user_id, country, device_type, user_type
    from {{ ref('dim_users') }}
),

-- One row, also before there is any event.
newest_event as (
    select max(ends_at) as ends_at
    from {{ ref('watermarks') }}
),

final as (
    select
        assignments.experiment_id,
        assignments.user_id,
        candidates.event_id as exposing_event_id,
        assignments.variant,
        coalesce(users.device_type, 'unknown') as device_type,
        coalesce(users.country, 'unknown') as country,
        coalesce(users.user_type, 'unknown') as user_type,
        candidates.eligible_at < assignments.assigned_at as is_exposed_before_assignment,
        coalesce(date_add('day', 7, candidates.eligible_at) > newest_event.ends_at, true) as is_window_cut,
        assignments.count_variants,
        assignments.assigned_at,
        candidates.eligible_at as exposed_at,
        candidates.eligible_on as exposed_on,
        date_add('day', 7, candidates.eligible_at) as window_ends_at
    from assignments
    inner join candidates on assignments.user_id = candidates.user_id -- many experiments to one first event
    left join users on assignments.user_id = users.user_id
    cross join newest_event -- one row
    where assignments.place = 1
        and candidates.place = 1
)

select * from final
