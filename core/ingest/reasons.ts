/** Why a row stands in quarantine. The names are stored; the sentences are for people. */
export const REASONS = {
    missing_value: 'the column is required and empty',
    not_an_integer: 'expected a whole number such as 42, without exponent, hex or fraction',
    not_a_number: 'expected a number such as 12.5',
    not_money: 'expected an amount with at most two decimals such as 12.50, without exponent',
    not_a_boolean: 'expected true or false (also yes/no, 1/0)',
    not_a_date: 'expected a calendar date such as 2023-02-28',
    not_a_timestamp: 'expected an instant such as 2023-02-28 13:45:00 (UTC unless it names a zone)',
    not_allowed: "the value is not among the contract's allowed values",
    too_small: "the value is below the contract's minimum",
    too_large: "the value is above the contract's maximum",
    nul_byte: 'the text holds a NUL byte, which no database column can store',
    too_few_fields: 'the row has fewer fields than the heading',
    too_many_fields: 'the row has more fields than the heading',
    broken_quotes: 'a quoted field does not end, or text follows its closing quote',
    line_too_long: 'the line is longer than 2 MB',
    not_utf8: 'the bytes are not valid UTF-8',
    unreadable_line: 'the line cannot be read as CSV',
    invalid_json: 'the line is not valid JSON',
    unknown_column: 'the object has a key the contract does not name (schema policy strict)',
    not_an_object: 'the JSON value is not an object',
} as const;

export type Reason = keyof typeof REASONS;
