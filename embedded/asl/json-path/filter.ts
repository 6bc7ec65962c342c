import type { Json } from '../json.ts';
import type { Step } from './parse.ts';

/** One side of a comparison. */
export type Operand =
    | { readonly kind: 'literal'; readonly value: Json }
    | { readonly kind: 'path'; readonly from: 'element' | 'root'; readonly steps: readonly Step[] };

/** Comparison operators; < and its like hold between two numbers or two texts only. */
export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** What stands in `[?(...)]`. */
export type Filter =
    | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
    | { readonly kind: 'not'; readonly filter: Filter }
    | { readonly kind: 'exists'; readonly operand: Operand }
    | {
          readonly kind: 'compare';
          readonly operator: Comparison;
          readonly left: Operand;
          readonly right: Operand;
      };

const TOKEN =
    /\s*(?:(&&|\|\||==|!=|<=|>=|[<>!()])|('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null)\b|([@$](?:\.\.?(?:\*|[\w\u0080-\uffff-]+)|\[(?:[^\]'"]|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")*\])*))\s*/y;

/**
 * Parses a filter: comparisons (== != < <= > >=), existence, && || ! and parentheses over `@` paths, `$` paths
 * and literals. Throws SyntaxError for anything else a JSONPath library may know (=~, in, functions).
 */
export function parseFilter(text: string, parseSteps: (text: string, start: number) => Step[]): Filter {
    const tokens = tokenise(text);
    let at = 0;
    const accept = (symbol: string) => tokens[at]?.symbol === symbol && at++ >= 0;

    function alternatives(): Filter {
        let left = conjunction();
        while (accept('||')) left = { kind: 'or', left, right: conjunction() };
        return left;
    }
    function conjunction(): Filter {
        let left = term();
        while (accept('&&')) left = { kind: 'and', left, right: term() };
        return left;
    }
    function term(): Filter {
        if (accept('!')) return { kind: 'not', filter: term() };
        if (accept('(')) {
            const inner = alternatives();
            if (!accept(')')) throw new SyntaxError(`the filter '${text}' lacks a closing parenthesis`);
            return inner;
        }
        const left = operand();
        const operator = tokens[at]?.symbol;
        if (operator === undefined || !/^([=!]=|[<>]=?)$/.test(operator)) return { kind: 'exists', operand: left };
        at++;
        return { kind: 'compare', operator: operator as Comparison, left, right: operand() };
    }
    function operand(): Operand {
        const token = tokens[at++];
        if (token?.path !== undefined) {
            const from = token.path.startsWith('@') ? 'element' : 'root';
            return { kind: 'path', from, steps: parseSteps(token.path, 1) };
        }
        if (token?.value === undefined) throw new SyntaxError(`the filter '${text}' lacks a value to compare`);
        return { kind: 'literal', value: token.value };
    }

    const filter = alternatives();
    if (at < tokens.length) throw new SyntaxError(`cannot read the filter '${text}'`);
    return filter;
}

interface Token {
    readonly symbol?: string;
    readonly value?: Json;
    readonly path?: string;
}

function tokenise(text: string): Token[] {
    const tokens: Token[] = [];
    for (let at = 0; at < text.length; ) {
        TOKEN.lastIndex = at;
        const match = TOKEN.exec(text);
        if (!match) throw new SyntaxError(`cannot read the filter '${text}' at '${text.slice(at)}'`);
        const [whole, symbol, quoted, number, word, path] = match;
        if (symbol !== undefined) tokens.push({ symbol });
        else if (quoted !== undefined) tokens.push({ value: quoted.slice(1, -1).replace(/\\(.)/g, '$1') });
        else if (number !== undefined) tokens.push({ value: Number(number) });
        else if (word !== undefined) tokens.push({ value: JSON.parse(word) as Json });
        else if (path !== undefined) tokens.push({ path });
        at += whole.length;
    }
    return tokens;
}
