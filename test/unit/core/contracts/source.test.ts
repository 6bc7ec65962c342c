import { describe, expect, it } from 'vitest';
import { parseContract } from '#core/contracts/parse.ts';
import { sourceVariable } from '#core/contracts/source.ts';
import { changed, ORDERS, problemsOf } from './orders.ts';

const FILE = 'orders.odcs.yaml';

/** The contract with one server; `properties` are its custom properties. */
function withServer(server: string, properties: readonly string[] = [], text = ORDERS): string {
    const custom = properties.map((property) => `      - { ${property} }\n`).join('');
    const entry = `servers:\n  - ${server}\n${custom === '' ? '' : `    customProperties:\n${custom}`}`;
    return changed('schema:\n', `${entry}schema:\n`, text);
}

const SHOP = 'server: shop\n    type: postgres';
const sourceOf = (text: string) => parseContract(text, FILE).source;

describe('the source of a contract', () => {
    it('is a table of the same name in schema public, whole, where nothing else is said', () => {
        expect(sourceOf(withServer(SHOP))).toEqual({
            server: 'shop',
            schema: 'public',
            from: { kind: 'table', table: 'orders' },
            mode: 'snapshot',
            watermarkColumn: undefined,
            overlapSeconds: 300,
            schedule: undefined,
            timeoutSeconds: 600,
        });
    });

    it('is a query read from a watermark on, by a schedule', () => {
        const text = withServer(`${SHOP}\n    schema: sales`, [
            'property: query, value: select * from orders where total > 0',
            'property: extract, value: incremental',
            'property: watermarkColumn, value: updated_at',
            'property: overlapSeconds, value: 60',
            'property: schedule, value: rate(1 day)',
            'property: timeoutSeconds, value: 30',
        ]);
        expect(sourceOf(text)).toEqual({
            server: 'shop',
            schema: 'sales',
            from: { kind: 'query', query: 'select * from orders where total > 0' },
            mode: 'incremental',
            watermarkColumn: 'updated_at',
            overlapSeconds: 60,
            schedule: 'rate(1 day)',
            timeoutSeconds: 30,
        });
    });

    it('is none without a server, and servers of other types are for people', () => {
        expect(sourceOf(ORDERS)).toBeUndefined();
        expect(sourceOf(withServer('server: lake\n    type: s3\n    location: s3://lake'))).toBeUndefined();
    });

    it('does not change how files are staged', () => {
        expect(parseContract(withServer(SHOP), FILE).fingerprint).toBe(parseContract(ORDERS, FILE).fingerprint);
    });

    it('has its URL in a variable of its own', () => {
        expect(sourceVariable('shop-eu')).toBe('CARTLAKE_SOURCE_SHOP_EU_URL');
    });

    it.each([
        [
            'a password',
            withServer(`${SHOP}\n    password: geheim`),
            'expected no credentials and no URL in a contract, found the key password',
        ],
        ['a name that is none', withServer('server: My Shop\n    type: postgres'), 'found "My Shop". Name the server'],
        [
            'two databases',
            withServer(`${SHOP}\n  - server: other\n    type: postgres`),
            'expected one server of type postgres, found 2',
        ],
        [
            'a table and a query',
            withServer(SHOP, ['property: table, value: a', 'property: query, value: select 1']),
            'expected a table or a query, found both',
        ],
        ['an unknown property', withServer(SHOP, ['property: tabel, value: a']), 'Did you mean `table`?'],
        ['an unknown mode', withServer(SHOP, ['property: extract, value: full']), 'expected snapshot or incremental'],
        [
            'a watermark without an incremental extract',
            withServer(SHOP, ['property: watermarkColumn, value: updated_at']),
            'found extract snapshot, "updated_at"',
        ],
        [
            'an incremental extract without a watermark',
            withServer(SHOP, ['property: extract, value: incremental']),
            'found extract incremental, no watermarkColumn',
        ],
        [
            'a schedule that is none',
            withServer(SHOP, ['property: schedule, value: daily']),
            'expected an expression of EventBridge Scheduler: rate(1 day) or cron(0 3 * * ? *), found "daily"',
        ],
        [
            'seconds that are none',
            withServer(SHOP, ['property: timeoutSeconds, value: 0']),
            'expected whole seconds, 1 to 86400, found 0',
        ],
        ['a text that is none', withServer(SHOP, ['property: table, value: 7']), 'expected a text, found 7'],
        [
            'rows that would be added again with every snapshot',
            withServer(
                SHOP,
                [],
                changed(
                    '      - { property: versionColumn, value: updated_at }\n',
                    '',
                    changed('value: upsert', 'value: append'),
                ),
            ),
            'expected loadMode snapshot or replace or upsert, and a key, with extract: snapshot, found loadMode append',
        ],
    ])('is refused with %s', (_what, text, message) => {
        expect(problemsOf(text)).toContainEqual(expect.stringContaining(message));
    });
});
