/* ---
model: user_exposure
purpose: When each assigned user first met an experiment, as which variant, and in which segments.
grain: one row per experiment and exposed user
key: [experiment_id, user_id]
kind: by_date
date: exposed_on
lookback: all
watermark: events
closes: 7
checks:
  - not_null: [experiment_id, user_id, variant, exposed_at, window_ends_at]
  - relationship: {column: user_id, to: dim_users, toColumn: user_id, severity: warn}
publish: user_exposure
--- */
with
-- Whoever did not come on the dates being built was not exposed on them: one day on a year of users costs a day.
visits as (
    select exposure, user_id, event_id, eligible_at, eligible_on
    from {{ ref('int_exposure_candidates', 'own dates') }}
),

first_dates as (
    select exposure, user_id, min(eligible_on) as eligible_on
    from {{ ref('int_exposure_candidates') }}
    where user_id in (select user_id from visits)
    group by exposure, user_id
),

-- A user has one candidate a date and exposure.
first_visits as (
    select visits.exposure, visits.user_id, visits.event_id, visits.eligible_at, visits.eligible_on
    from visits
    inner join first_dates
        on visits.user_id = first_dates.user_id and visits.exposure = first_dates.exposure
        and visits.eligible_on = first_dates.eligible_on
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
    where user_id in (select user_id from first_visits)
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

-- Experiments without events of their own wait for the default ones.
declared_exposures as (
    select distinct experiment_id, exposure
    from {{ ref('experiment_exposures') }}
    where experiment_id <> ''
),

first_assignments as (
    select
        assignments.experiment_id,
        assignments.user_id,
        assignments.variant,
        assignments.assigned_at,
        assignments.count_variants,
        coalesce(declared_exposures.exposure, 'default') as exposure
    from assignments
    left join declared_exposures on assignments.experiment_id = declared_exposures.experiment_id
    where assignments.place = 1
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
        first_visits.event_id as exposing_event_id,
        assignments.variant,
        coalesce(users.device_type, 'unknown') as device_type,
        coalesce(users.country, 'unknown') as country,
        coalesce(users.user_type, 'unknown') as user_type,
        first_visits.eligible_at < assignments.assigned_at as is_exposed_before_assignment,
        coalesce(date_add('day', 7, first_visits.eligible_at) > newest_event.ends_at, true) as is_window_cut,
        assignments.count_variants,
        assignments.assigned_at,
        first_visits.eligible_at as exposed_at,
        first_visits.eligible_on as exposed_on,
        date_add('day', 7, first_visits.eligible_at) as window_ends_at
    from first_assignments as assignments
    inner join first_visits -- many experiments to one first event
        on assignments.user_id = first_visits.user_id and assignments.exposure = first_visits.exposure
    left join users on assignments.user_id = users.user_id
    cross join newest_event -- one row
)

select * from final
