import { selectRows } from '#adapters/postgres/query.ts';

/** Marts that every file of a shop contributes to. */
const COMPARED = ['user_exposure', 'user_outcomes'];

/** Number of rows and a hash of all of them, by mart. */
export async function martsOf(url: string): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    for (const mart of COMPARED) {
        const sql = `select count(*) || ' rows, ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), 'none') from marts.${mart} t`;
        found[mart] = String((await selectRows(url, sql)).rows[0]?.[0]);
    }
    return found;
}
