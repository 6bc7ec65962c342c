import type { BoundInput, Statement } from '#core/build/ports.ts';
import { DataError } from '#core/errors.ts';

/** A statement with marks in place of its relations. */
export interface RenderedStatement {
    /** The relations that stand in the text, by mark: a statement is bound to all inputs of its model and may read few. */
    readonly read: ReadonlyMap<string, NamedInput>;
    /** The text with a relation's text in place of each mark. */
    fill(relations: ReadonlyMap<string, string>): string;
}

export interface NamedInput {
    readonly name: string;
    readonly input: BoundInput;
}

/** Stands for a relation until the engine knows its text; no text of a model can hold it. */
const MARK = /\0\d+\0/g;

/** Renders a statement before its relations are made. Throws DataError when it names one that is not bound. */
export function renderMarked({ inputs, render }: Statement): RenderedStatement {
    const names = [...inputs.keys()];
    const text = render((name) => {
        const index = names.indexOf(name);
        if (index < 0) throw new DataError(`The statement reads ${name}, which is not bound.`);
        return `\0${index}\0`;
    });
    const read = new Map<string, NamedInput>();
    for (const [mark] of text.matchAll(MARK)) {
        const name = names[Number(mark.slice(1, -1))] ?? '';
        const input = inputs.get(name);
        if (input) read.set(mark, { name, input });
    }
    return { read, fill: (relations) => text.replaceAll(MARK, (mark) => relations.get(mark) ?? mark) };
}
