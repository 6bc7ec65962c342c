-- check: product_known
-- severity: warn
select sold_on, category, customer_segment
from {{ ref('this') }}
where count_unknown_products > 0

-- check: customer_known
-- severity: warn
select sold_on, category, customer_segment
from {{ ref('this') }}
where count_unknown_customers > 0

-- check: price_known
-- severity: warn
select sold_on, category, customer_segment
from {{ ref('this') }}
where count_without_price > 0
