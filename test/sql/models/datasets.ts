/** The staged datasets as the models know them: their contracts' columns, and the column whose date partitions them. */
export const DATASETS: Readonly<Record<string, { columns: string; dateColumn?: string }>> = {
    users: {
        columns: 'user_id bigint, signed_up_at timestamp, country varchar, device_type varchar, is_new_user boolean',
    },
    products: { columns: 'product_id bigint, category varchar, base_price decimal(18, 2)' },
    experiment_assignments: {
        columns: 'experiment_id varchar, user_id bigint, variant varchar, assigned_at timestamp',
    },
    sessions: {
        columns: 'session_id bigint, user_id bigint, started_at timestamp, ended_at timestamp, device_type varchar',
        dateColumn: 'started_at',
    },
    events: {
        columns:
            'event_id bigint, occurred_at timestamp, user_id bigint, session_id bigint, product_id bigint, event_name varchar, price_paid decimal(18, 2), quantity bigint, discount_amount decimal(18, 2), properties varchar',
        dateColumn: 'occurred_at',
    },
};
