/* ---
model: sales_report
purpose: What was sold of each category to each customer segment; unknown products and customers stand under unknown.
grain: one row per category and customer segment
key: [category, customer_segment]
kind: table
checks:
  - not_null: [category, customer_segment, total_revenue, units_sold, unique_customers]
  - reconcile: {column: units_sold, other: fct_purchases, otherColumn: quantity}
  - reconcile: {column: total_revenue, other: fct_order_lines, otherColumn: revenue}
publish: sales_report
--- */
select
    category,
    customer_segment,
    cast(coalesce(sum(revenue), 0) as decimal(18, 2)) as total_revenue,
    cast(sum(quantity) as bigint) as units_sold,
    count(distinct customer_id) as unique_customers
from {{ ref('fct_order_lines') }}
group by category, customer_segment
