/* ---
model: fct_order_lines
purpose: Every purchase with the price, category and customer segment that held when it was made.
grain: one row per purchase
key: [part_version, part_row]
kind: view
--- */
with
-- Bounds instead of nulls: engines join by comparisons of columns.
product_versions as (
    select
        product_id,
        product_name,
        category,
        base_price,
        coalesce(valid_from, timestamp '0001-01-01 00:00:00') as holds_from,
        coalesce(valid_to, timestamp '9999-12-31 00:00:00') as holds_to
    from {{ ref('dim_product_versions') }}
),

customer_versions as (
    select
        customer_id,
        segment,
        coalesce(valid_from, timestamp '0001-01-01 00:00:00') as holds_from,
        coalesce(valid_to, timestamp '9999-12-31 00:00:00') as holds_to
    from {{ ref('dim_customer_versions') }}
),

final as (
    select
        purchases.part_version,
        purchases.part_row,
        purchases.customer_id,
        purchases.product_id,
        products.product_name,
        coalesce(products.category, 'unknown') as category,
        coalesce(customers.segment, 'unknown') as customer_segment,
        products.product_id is not null as is_product_known,
        customers.customer_id is not null as is_customer_known,
        purchases.quantity,
        products.base_price as unit_price,
        -- Nothing where there is no price, or one that no table could hold. What engines multiply at once comes first:
        -- the product of wider numbers takes them many times as long.
        coalesce(
            try_cast(products.base_price as decimal(9, 2)) * try_cast(purchases.quantity as decimal(9, 0)),
            try_cast(products.base_price * purchases.quantity as decimal(18, 2))
        ) as revenue,
        purchases.occurred_at,
        purchases.sold_on
    from {{ ref('fct_purchases') }} as purchases
    left join product_versions as products
        on purchases.product_id = products.product_id
        and purchases.occurred_at >= products.holds_from
        and purchases.occurred_at < products.holds_to
    left join customer_versions as customers
        on purchases.customer_id = customers.customer_id
        and purchases.occurred_at >= customers.holds_from
        and purchases.occurred_at < customers.holds_to
)

select * from final
