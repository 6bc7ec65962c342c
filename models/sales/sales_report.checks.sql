-- check: product_known
-- severity: warn
select product_id
from {{ ref('fct_order_lines') }}
where not is_product_known

-- check: customer_known
-- severity: warn
select customer_id
from {{ ref('fct_order_lines') }}
where not is_customer_known

-- check: price_known
-- severity: warn
select product_id
from {{ ref('fct_order_lines') }}
where is_product_known and revenue is null
