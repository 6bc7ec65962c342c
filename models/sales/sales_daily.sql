/* ---
model: sales_daily
purpose: What was sold on each day of each category to each customer segment.
grain: one row per day, category and customer segment
key: [sold_on, category, customer_segment]
kind: table
checks:
  - not_null: [sold_on, category, customer_segment, total_revenue, units_sold, unique_customers]
  - reconcile: {column: units_sold, other: fct_purchases, otherColumn: quantity}
  - reconcile: {column: total_revenue, other: sales_report, otherColumn: total_revenue}
publish: sales_daily
--- */
select
    sold_on,
    category,
    customer_segment,
    cast(coalesce(sum(revenue), 0) as decimal(18, 2)) as total_revenue,
    cast(sum(quantity) as bigint) as units_sold,
    count(distinct customer_id) as unique_customers
from {{ ref('fct_order_lines') }}
group by sold_on, category, customer_segment
