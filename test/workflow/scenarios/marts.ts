import { selectRows } from '#adapters/postgres/query.ts';

/** Number of rows and a hash of all of them, by table that PostgreSQL shows. */
export async function martsOf(url: string): Promise<Record<string, string>> {
    const tables = await selectRows(
        url,
        "select table_name from information_schema.tables where table_schema = 'marts' order by 1",
    );
    const found: Record<string, string> = {};
    for (const [table] of tables.rows) {
        const sql = `select count(*) || ' rows, ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), 'none') from marts."${table}" t`;
        found[String(table)] = String((await selectRows(url, sql)).rows[0]?.[0]);
    }
    return found;
}
