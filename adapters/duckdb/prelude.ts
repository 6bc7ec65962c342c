/**
 * Makes DuckDB read the Trino dialect the models are written in. Run once on a new database: the settings are global
 * and the macros stand in its `main` schema, where they hide built-in functions of the same name.
 *
 * Only what models need is here, so that little of DuckDB is hidden; a new function comes with its case in
 * test/sql/models/prelude.test.ts. The statements are TypeScript and not a `.sql` file because bundlers carry them.
 * Macro aggregates take neither `filter`, `distinct` nor `order by`.
 */
export const PRELUDE: readonly string[] = [
    "set global TimeZone = 'UTC'",
    'set global integer_division = true',
    "set global default_null_order = 'nulls_last'",

    // Dates. Trino's date_diff counts whole units; DuckDB's own counts boundaries crossed.
    macro('trino_interval', [
        '(unit, n) as case lower(unit)',
        "when 'millisecond' then to_milliseconds(n) when 'second' then to_seconds(n)",
        "when 'minute' then to_minutes(n) when 'hour' then to_hours(n)",
        "when 'day' then to_days(cast(n as integer)) when 'week' then to_weeks(cast(n as integer))",
        "when 'month' then to_months(cast(n as integer)) when 'quarter' then to_months(cast(3 * n as integer))",
        "when 'year' then to_years(cast(n as integer))",
        "else error('date_add: unknown unit ' || unit) end",
    ]),
    macro('date_add', [
        '(unit, n, x date) as cast(x + trino_interval(unit, n) as date),',
        '(unit, n, x timestamp) as x + trino_interval(unit, n)',
    ]),
    macro('date_diff', ['(unit, a, b) as date_sub(unit, a, b)']),
    macro('date_trunc', [
        '(unit, x date) as cast(system.main.date_trunc(unit, x) as date),',
        '(unit, x timestamp) as system.main.date_trunc(unit, x)',
    ]),
    macro('date_format', [
        '(x, f) as strftime(x, replace(replace(replace(replace(replace(f,',
        "'%i', '%M'), '%s', '%S'), '%T', '%H:%M:%S'), '%x', '%G'), '%v', '%V'))",
    ]),
    macro('from_iso8601_timestamp', ['(s) as cast(s as timestamptz)']),
    macro('from_iso8601_date', ['(s) as cast(s as date)']),
    macro('with_timezone', ['(x, zone) as (cast(x as timestamp) at time zone zone)']),
    macro('at_timezone', ['(x, zone) as (cast(x as timestamptz) at time zone zone)']),
    macro('to_unixtime', ['(x) as epoch(x)']),
    macro('from_unixtime', ['(n) as to_timestamp(n)']),
    macro('day_of_week', ['(x) as isodow(x)']),
    macro('day_of_month', ['(x) as day(x)']),
    macro('day_of_year', ['(x) as dayofyear(x)']),
    macro('year_of_week', ['(x) as isoyear(x)']),
    macro('last_day_of_month', ['(x) as last_day(x)']),

    // A null argument makes the answer null; DuckDB's own skip it.
    macro('greatest', ['(a, b) as case when a is not null and b is not null then system.main.greatest(a, b) end']),
    macro('least', ['(a, b) as case when a is not null and b is not null then system.main.least(a, b) end']),

    macro('truncate', ['(x) as trunc(x)']),
    macro('is_nan', ['(x) as isnan(x)']),
    macro('is_finite', ['(x) as isfinite(x)']),

    // Exact here, approximate in Trino.
    macro('approx_distinct', ['(x) as count(distinct x)']),
    macro('approx_percentile', ['(x, p) as quantile_cont(x, p)']),

    macro('regexp_like', ['(s, pattern) as regexp_matches(s, pattern)']),
    macro('json_extract_scalar', [
        '(j, path) as case when json_valid(j) then',
        "case when json_type(j, path) not in ('OBJECT', 'ARRAY', 'NULL') then json_extract_string(j, path) end end",
    ]),
    macro('cardinality', ['(a) as cast(len(a) as bigint)']),
    macro('element_at', ['(a, k) as a[k]']),
    macro('array_join', ['(a, separator) as array_to_string(a, separator)']),
];

function macro(name: string, lines: readonly string[]): string {
    return `create or replace macro ${name}${lines.join(' ')}`;
}
