/* ---
model: sales_daily
purpose: What was sold on each day of each category to each customer segment.
grain: one row per day, category and customer segment
key: [sold_on, category, customer_segment]
kind: table
checks:
  - not_null: [sold_on, category, customer_segment, total_revenue, units_sold, unique_customers]
  - reconcile: {column: units_sold, other: fct_purchases, otherColumn: quantity}
  - reconcile: {column: total_revenue, other: fct_order_lines, otherColumn: revenue}
publish: sales_daily
--- */
select
    sold_on,
    category,
    customer_segment,
    cast(coalesce(sum(revenue), 0) as decimal(18, 2)) as total_revenue,
    cast(sum(quantity) as bigint) as units_sold,
    count(distinct customer_id) as unique_customers,
    count(*) as count_purchases,
    count(case when not is_product_known then 1 end) as count_unknown_products,
    count(case when not is_customer_known then 1 end) as count_unknown_customers,
    count(case when is_product_known and revenue is null then 1 end) as count_without_price
from {{ ref('fct_order_lines') }}
group by sold_on, category, customer_segment
