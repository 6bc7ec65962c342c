-- check: ends_after_start
-- severity: warn
select session_id
from {{ ref('this') }}
where ended_at < started_at
