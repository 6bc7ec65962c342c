import { describe, expect, it } from 'vitest';
import { type ColumnSql, columnSql } from '#adapters/duckdb/column-sql.ts';
import { literal } from '#adapters/duckdb/text.ts';
import type { ContractColumn } from '#core/contracts/contract.ts';
import { aColumn } from '#test/support/builders.ts';
import { testDatabase } from '#test/support/duckdb.ts';

const database = testDatabase('staging');

/** What a column makes of texts: its value as text, or the reason it is refused with. */
async function judge(column: ContractColumn, texts: readonly (string | null)[]) {
    const rows = texts.map((text, index) => `(${index}, ${text === null ? 'null' : literal(text)})`).join(', ');
    const judgedBy = (value: string, { accepts, plain, reason }: ColumnSql) =>
        database.session((session) =>
            session.rows(
                `select cast(v as varchar) as value, ${accepts} as accepts, coalesce(${plain}, false) as plain, ${reason} as reason
                 from (select *, ${value} as v from (values ${rows}) as texts(n, t)) order by n`,
            ),
        );
    const { value, plainValue } = columnSql(column, 't');
    const judged = await judgedBy(value, columnSql(column, 't'));
    expect(await judgedBy(value, columnSql(column, 't', 'v'))).toEqual(judged);
    const plainly = await judgedBy(plainValue, columnSql(column, 't', 'v'));
    return judged.map(({ value: typed, accepts: isFine, plain: isPlain, reason: why }, index) => {
        // The ways of asking must agree.
        expect(isFine).toBe(why === null);
        if (isPlain) expect(isFine).toBe(true);
        if (plainly[index]?.plain) expect(plainly[index]).toMatchObject({ accepts: isFine, value: typed });
        return isFine ? typed : why;
    });
}

const ofType = (type: ContractColumn['type'], overrides: Partial<ContractColumn> = {}) =>
    aColumn('c', { type, ...overrides });

describe.each([
    {
        type: 'bigint',
        reason: 'not_an_integer',
        accepted: [
            ['0', '0'],
            ['42', '42'],
            ['-42', '-42'],
            ['+42', '42'],
            ['007', '7'],
            [' 42 ', '42'],
            ['42.0', '42'],
            ['42.', '42'],
            ['9223372036854775807', '9223372036854775807'],
            ['-9223372036854775808', '-9223372036854775808'],
        ],
        refused: [
            '1.5',
            '1e3',
            '0x1F',
            '1_000',
            '1,000',
            '9223372036854775808',
            'true',
            'x',
            '--1',
            '1 2',
            '0b1',
            '٣',
            'infinity',
            '1.0.0',
        ],
    },
    {
        type: 'double',
        reason: 'not_a_number',
        accepted: [
            ['12.5', '12.5'],
            ['-0.25', '-0.25'],
            ['.5', '0.5'],
            ['5.', '5.0'],
            ['1e3', '1000.0'],
            ['1E-2', '0.01'],
            ['+7', '7.0'],
            [' 1 ', '1.0'],
        ],
        refused: ['nan', 'NaN', 'inf', '-Infinity', '1,5', '0x1F', '1_000', 'x', '.', 'e5', '1e', '1e999', '12 5'],
    },
    {
        type: 'decimal(18,2)',
        reason: 'not_money',
        accepted: [
            ['12.50', '12.50'],
            ['12.5', '12.50'],
            ['12', '12.00'],
            ['-0.01', '-0.01'],
            ['.5', '0.50'],
            ['12.5000', '12.50'],
            ['+3', '3.00'],
            ['9999999999999999.99', '9999999999999999.99'],
        ],
        refused: ['12.505', '12,50', '€12', '12.50 EUR', '1e3', '12.5.0', '99999999999999999', 'nan', '1_0', 'x', '.'],
    },
    {
        type: 'boolean',
        reason: 'not_a_boolean',
        accepted: [
            ['true', 'true'],
            ['TRUE', 'true'],
            ['yes', 'true'],
            ['Y', 'true'],
            ['t', 'true'],
            ['1', 'true'],
            [' false ', 'false'],
            ['No', 'false'],
            ['0', 'false'],
            ['f', 'false'],
            ['n', 'false'],
        ],
        refused: ['2', 'on', 'off', 'wahr', '1.0', 'tru', '-1'],
    },
    {
        type: 'date',
        reason: 'not_a_date',
        accepted: [
            ['2026-02-28', '2026-02-28'],
            ['2024-02-29', '2024-02-29'],
            [' 2026-02-28 ', '2026-02-28'],
            ['2026-2-8', '2026-02-08'],
            ['2026-02-28 00:00:00', '2026-02-28'],
            ['2026-02-28T00:00:00Z', '2026-02-28'],
            ['2026-02-28T00:00:00.000Z', '2026-02-28'],
            ['0001-01-01', '0001-01-01'],
            ['2026-2-8 00:00', '2026-02-08'],
        ],
        refused: [
            '2026-02-29',
            '2026-13-01',
            '28.02.2026',
            '02/28/2026',
            '2026-02-28 10:00:00',
            '20260228',
            'today',
            'infinity',
            '2026-02',
            '2026-00-10',
            '-infinity',
        ],
    },
    {
        type: 'timestamp',
        reason: 'not_a_timestamp',
        accepted: [
            ['2026-02-28 13:45:01', '2026-02-28 13:45:01'],
            ['2026-02-28T13:45:01', '2026-02-28 13:45:01'],
            ['2026-02-28 13:45', '2026-02-28 13:45:00'],
            ['2026-02-28', '2026-02-28 00:00:00'],
            ['2026-02-28T13:45:01Z', '2026-02-28 13:45:01'],
            ['2026-02-28T13:45:01.1239Z', '2026-02-28 13:45:01.123'],
            ['2026-02-28 13:45:01.123456', '2026-02-28 13:45:01.123'],
            ['2026-02-28T13:45:01+02:00', '2026-02-28 11:45:01'],
            ['2026-02-28 13:45:01-0330', '2026-02-28 17:15:01'],
            ['2026-02-28 13:45:01+02', '2026-02-28 11:45:01'],
            ['2026-02-28 13:45:01 -0500', '2026-02-28 18:45:01'],
            ['2026-02-28 13:45:01 +02:00', '2026-02-28 11:45:01'],
            ['2026-02-28 13:45:01 Z', '2026-02-28 13:45:01'],
            ['2019-10-01 00:00:00 UTC', '2019-10-01 00:00:00'],
            ['2019-10-01 00:00:00.5 GMT', '2019-10-01 00:00:00.5'],
            ['2026-2-8 1:45', '2026-02-08 01:45:00'],
            [' 2026-02-28 13:45:01 ', '2026-02-28 13:45:01'],
            ['1969-12-31 23:59:59.999', '1969-12-31 23:59:59.999'],
        ],
        refused: [
            '2026-02-29 10:00:00',
            '2026-02-28 25:00:00',
            '2026-02-28 13:60:00',
            '28.02.2026 13:45',
            '1772286301',
            'infinity',
            '-infinity',
            'epoch',
            'now',
            '2026-02-28T13:45:01 Europe/Berlin',
            '2026-02-28 1:45:01 PM',
            '2026-02-28 13',
            '2026-02-28T 3:45:01',
            '2026-02-28T13:45:1Z',
            '2026-02-28T13:45:1 ',
            '2026-02-28T13:45:1.',
            '2026-02-28T13:45:0T',
            ' 202-02-28T13:45:01',
            '2026-02-2éT13:45:01',
            '-999-12-31T23:59:59',
            '2026-02-2T 13:45:01',
            '2026-02-2  13:45:01',
            '2026-02-28T\t3:45:01',
        ],
    },
] as const)('a column of type $type', ({ type, reason, accepted, refused }) => {
    it('reads', async () => {
        expect(
            await judge(
                ofType(type),
                accepted.map(([text]) => text),
            ),
        ).toEqual(accepted.map(([, value]) => value));
    });

    it('refuses', async () => {
        const results = await judge(ofType(type), refused);

        expect(Object.fromEntries(refused.map((text, index) => [text, results[index]]))).toEqual(
            Object.fromEntries(refused.map((text) => [text, reason])),
        );
    });

    it('takes nothing for no value, and refuses it where it is required', async () => {
        expect(await judge(ofType(type), [null, '', '   '])).toEqual([null, null, null]);
        const required = await judge(ofType(type, { required: true }), [null, '', '   ']);

        expect(required[0]).toBe('missing_value');
        for (const why of required) expect(['missing_value', reason]).toContain(why);
    });
});

describe('a text column', () => {
    it('keeps texts as they are, and nothing as nothing', async () => {
        const texts = ['plain', ' spaces ', 'ä😀', 'quote \' "', '', 'true', 'line\nbreak', null];

        expect(await judge(ofType('varchar'), texts)).toEqual(texts);
    });

    it('refuses a NUL, which no database can store', async () => {
        expect(await judge(ofType('varchar'), ['a\0b', '\0'])).toEqual(['nul_byte', 'nul_byte']);
    });

    it('refuses blanks where a value is required', async () => {
        expect(await judge(ofType('varchar', { required: true }), ['', '  ', null, ' a', '\ta', 'ä'])).toEqual([
            'missing_value',
            'missing_value',
            'missing_value',
            ' a',
            '\ta',
            'ä',
        ]);
    });

    it('translates values whatever their case and blanks, and leaves others alone', async () => {
        const column = ofType('varchar', { valueAliases: { checkout_start: 'begin_checkout', "o'k": "fi'ne" } });

        expect(await judge(column, ['checkout_start', ' Checkout_Start ', 'other', "O'K", null])).toEqual([
            'begin_checkout',
            'begin_checkout',
            'other',
            "fi'ne",
            null,
        ]);
    });

    it('translates other spellings of a name that leads to itself, and those of another', async () => {
        const column = ofType('varchar', { valueAliases: { Search: 'search', find: 'search', buy: 'Buy' } });

        expect(await judge(column, ['search', ' SEARCH', 'find', 'searched', 'Buy', 'buy', '', null])).toEqual([
            'search',
            'search',
            'search',
            'searched',
            'Buy',
            'Buy',
            '',
            null,
        ]);
    });

    it('allows only the values of the contract, after translation', async () => {
        const column = ofType('varchar', { allowedValues: ['open', "it's"], valueAliases: { offen: 'open' } });

        expect(await judge(column, ['open', 'OFFEN', "it's", 'Open', 'closed', '', null])).toEqual([
            'open',
            'open',
            "it's",
            'not_allowed',
            'not_allowed',
            'not_allowed',
            null,
        ]);
    });
});

describe('a text column with a few allowed values', () => {
    it('translates an allowed value that is written for another one', async () => {
        const column = ofType('varchar', {
            allowedValues: ['order', 'Purchase', 'view'],
            valueAliases: { order: 'Purchase', view: 'view' },
        });

        expect(await judge(column, ['order', 'ORDER', 'Purchase', 'purchase', 'view', ' View', 'x'])).toEqual([
            'Purchase',
            'Purchase',
            'Purchase',
            'not_allowed',
            'view',
            'view',
            'not_allowed',
        ]);
    });

    it('has bounds as any other', async () => {
        const column = ofType('varchar', { allowedValues: ['b', 'a', 'c'], minimum: 'b' });

        expect(await judge(column, ['a', 'b', 'c', 'd'])).toEqual(['too_small', 'b', 'c', 'not_allowed']);
    });
});

describe('bounds', () => {
    it('include themselves and pass over missing values', async () => {
        const money = ofType('decimal(18,2)', { minimum: '0', maximum: '9.50' });

        expect(await judge(money, ['0', '9.50', '-0.01', '9.51', '', null])).toEqual([
            '0.00',
            '9.50',
            'too_small',
            'too_large',
            null,
            null,
        ]);
        expect(await judge(ofType('bigint', { minimum: '1' }), ['0', '1', 'x'])).toEqual([
            'too_small',
            '1',
            'not_an_integer',
        ]);
        expect(await judge(ofType('double', { maximum: '0.5' }), ['0.5', '0.51'])).toEqual(['0.5', 'too_large']);
    });
});
