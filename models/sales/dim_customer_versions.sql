/* ---
model: dim_customer_versions
purpose: Which segment each customer belonged to, and from when to when; deletion is a version too.
grain: one row per customer and change of it
key: [customer_id, version]
kind: table
checks:
  - not_null: [customer_id, version, is_current, is_deleted]
--- */
with
snapshots as (
    select
        _landed_at,
        _source_uri,
        _source_version,
        row_number() over (order by _landed_at, _source_uri, _source_version) as snapshot
    from {{ ref('stg_customers') }}
    group by _landed_at, _source_uri, _source_version
),

newest as (
    select max(snapshot) as newest_snapshot from snapshots
),

-- A snapshot that names a customer twice is read from its end.
seen as (
    select
        customers.customer_id,
        customers.segment,
        customers.joined_on,
        snapshots.snapshot,
        row_number() over (
            partition by customers.customer_id, snapshots.snapshot
            order by customers._source_row desc
        ) as recency
    from {{ ref('stg_customers') }} as customers
    inner join snapshots
        on customers._landed_at = snapshots._landed_at
        and customers._source_uri = snapshots._source_uri
        and customers._source_version = snapshots._source_version
),

compared as (
    select
        customer_id,
        segment,
        joined_on,
        snapshot,
        lag(snapshot) over (partition by customer_id order by snapshot) as snapshot_before,
        lag(segment) over (partition by customer_id order by snapshot) as segment_before,
        lag(joined_on) over (partition by customer_id order by snapshot) as joined_before,
        lead(snapshot) over (partition by customer_id order by snapshot) as snapshot_after
    from seen
    where recency = 1
),

-- A gap between two snapshots of a customer is a deletion and a return. What is deleted keeps its last segment.
changes as (
    select customer_id, segment, joined_on, snapshot, false as is_deleted
    from compared
    where snapshot_before is distinct from snapshot - 1
        or segment is distinct from segment_before
        or joined_on is distinct from joined_before
    union all
    select compared.customer_id, compared.segment, compared.joined_on, compared.snapshot + 1, true
    from compared
    cross join newest -- one row
    where compared.snapshot < newest.newest_snapshot
        and compared.snapshot_after is distinct from compared.snapshot + 1
),

timed as (
    select
        changes.customer_id,
        changes.segment,
        changes.joined_on,
        changes.is_deleted,
        snapshots._landed_at as changed_at,
        row_number() over (partition by changes.customer_id order by changes.snapshot) as version
    from changes
    inner join snapshots on changes.snapshot = snapshots.snapshot
),

-- Sales are older than the first snapshot: a customer's first version holds for all of them.
final as (
    select
        customer_id,
        version,
        segment,
        joined_on,
        case when version > 1 then changed_at end as valid_from,
        lead(changed_at) over (partition by customer_id order by version) as valid_to,
        lead(changed_at) over (partition by customer_id order by version) is null as is_current,
        is_deleted
    from timed
)

select * from final
