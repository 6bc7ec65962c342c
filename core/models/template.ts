/** In a `rows` check, `{{ ref('this') }}` is the version being checked. */
export const THIS_RELATION = 'this';

const TOKEN = /\{\{(.*?)\}\}/gs;
const REF = /^\s*ref\(\s*'([a-z][a-z0-9_]*)'\s*(,\s*'own dates'\s*)?\)\s*$/;

/** `own`: only the dates being built, whatever window the model's header asks for. */
export type RefDates = 'own' | 'window';

/** What a statement refers to, and every `{{ }}` in it that is not a ref. */
export interface Template {
    /** Distinct names, in order of first use. */
    readonly refs: readonly string[];
    /** Those that are read for the dates being built (`ref('name', 'own dates')`), perhaps besides their window. */
    readonly ownDates: readonly string[];
    /** Those that are read for the model's window, perhaps besides the dates being built. */
    readonly windowDates: readonly string[];
    /** Offending tokens as written, for example `{{ config() }}`. */
    readonly strangers: readonly string[];
}

/** Finds the `{{ ref('name') }}`s of a statement: the only template token there is. */
export function readTemplate(sql: string): Template {
    const ownDates = new Set<string>();
    const windowDates = new Set<string>();
    const refs = new Set<string>();
    const strangers: string[] = [];
    for (const [token, inside] of sql.matchAll(TOKEN)) {
        const [, name, own] = REF.exec(inside ?? '') ?? [];
        if (name === undefined) {
            strangers.push(token);
            continue;
        }
        refs.add(name);
        (own === undefined ? windowDates : ownDates).add(name);
    }
    return { refs: [...refs], ownDates: [...ownDates], windowDates: [...windowDates], strangers };
}

/** Replaces every ref by the relation text `bind` gives for its name and dates; other tokens stay (they do not compile). */
export function fillTemplate(sql: string, bind: (name: string, dates: RefDates) => string): string {
    return sql.replace(TOKEN, (token, inside: string) => {
        const [, name, own] = REF.exec(inside) ?? [];
        return name === undefined ? token : bind(name, own === undefined ? 'window' : 'own');
    });
}
