/* ---
model: sales_by_segment_over_time
purpose: What each customer segment bought in each week (from its Monday) and in each month.
grain: one row per week or month, and customer segment
key: [period, starts_on, customer_segment]
kind: table
checks:
  - not_null: [period, starts_on, customer_segment, total_revenue, units_sold, unique_customers]
  - accepted_values: {column: period, values: [week, month]}
publish: sales_by_segment_over_time
--- */
with
periods as (
    select 'week' as period
    union all
    select 'month' as period
),

-- Each purchase is read once and counts in two periods.
lines as (
    select
        periods.period,
        case
            when periods.period = 'week' then date_trunc('week', sold.sold_on)
            else date_trunc('month', sold.sold_on)
        end as starts_on,
        sold.customer_segment,
        sold.customer_id,
        sold.quantity,
        sold.revenue
    from {{ ref('fct_order_lines') }} as sold
    cross join periods -- two rows
),

final as (
    select
        period,
        starts_on,
        customer_segment,
        cast(coalesce(sum(revenue), 0) as decimal(18, 2)) as total_revenue,
        cast(sum(quantity) as bigint) as units_sold,
        count(distinct customer_id) as unique_customers
    from lines
    group by period, starts_on, customer_segment
)

select * from final
