/** In a `rows` check, `{{ ref('this') }}` is the version being checked. */
export const THIS_RELATION = 'this';

const TOKEN = /\{\{(.*?)\}\}/gs;
const REF = /^\s*ref\(\s*'([a-z][a-z0-9_]*)'\s*\)\s*$/;

/** What a statement refers to, and every `{{ }}` in it that is not a ref. */
export interface Template {
    /** Distinct names, in order of first use. */
    readonly refs: readonly string[];
    /** Offending tokens as written, for example `{{ config() }}`. */
    readonly strangers: readonly string[];
}

/** Finds the `{{ ref('name') }}`s of a statement: the only template token there is. */
export function readTemplate(sql: string): Template {
    const refs = new Set<string>();
    const strangers: string[] = [];
    for (const [token, inside] of sql.matchAll(TOKEN)) {
        const name = REF.exec(inside ?? '')?.[1];
        if (name === undefined) strangers.push(token);
        else refs.add(name);
    }
    return { refs: [...refs], strangers };
}

/** Replaces every ref by the relation text `bind` gives for its name; other tokens stay (they do not compile). */
export function fillTemplate(sql: string, bind: (name: string) => string): string {
    return sql.replace(TOKEN, (token, inside: string) => {
        const name = REF.exec(inside)?.[1];
        return name === undefined ? token : bind(name);
    });
}
