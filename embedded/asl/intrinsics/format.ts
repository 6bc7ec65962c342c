import { isObject, type Json } from '../json.ts';

/** Takes the backslash off escaped characters. */
export function withoutEscapes(raw: string): string {
    return raw.replace(/\\(.)/gs, '$1');
}

/**
 * Throws SyntaxError unless the template's placeholders match its arguments in number and every other brace is
 * escaped.
 */
export function checkTemplate(template: string, count: number): void {
    const places = splitTemplate(template).length - 1;
    if (places !== count) throw new SyntaxError(`'${template}' has ${places} placeholders {} for ${count} arguments`);
}

/** States.Format: the template with each `{}` replaced. Throws SyntaxError as `checkTemplate` does. */
export function fillTemplate(template: string, values: readonly Json[]): string {
    checkTemplate(template, values.length);
    const pieces = splitTemplate(template);
    return pieces.map((piece, index) => piece + (index < values.length ? asText(values[index] as Json) : '')).join('');
}

/** The unescaped text around the placeholders. */
function splitTemplate(template: string): string[] {
    const pieces = [''];
    for (let at = 0; at < template.length; at++) {
        let char = template[at] as string;
        if (char === '{' && template[at + 1] === '}') {
            at++;
            pieces.push('');
            continue;
        }
        if (char === '{' || char === '}')
            throw new SyntaxError(`'${template}' has a single ${char}; write \\\\${char}`);
        if (char === '\\' && at + 1 < template.length) char = template[++at] as string;
        pieces[pieces.length - 1] += char;
    }
    return pieces;
}

/** The service writes objects and arrays as Java does, `{a=1, b=[2, 3]}`: use States.JsonToString for JSON. */
function asText(value: Json): string {
    if (typeof value === 'string') return value;
    if (Array.isArray(value)) return `[${value.map(asText).join(', ')}]`;
    if (!isObject(value)) return String(value);
    const members = Object.entries(value).map(([key, member]) => `${key}=${asText(member)}`);
    return `{${members.join(', ')}}`;
}
