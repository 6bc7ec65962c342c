import { clearLine, cursorTo } from 'node:readline';
import { duration } from './numbers.ts';
import { paintError } from './style.ts';

/** One line of a terminal that says what is going on. */
export interface Progress {
    say(text: string): void;
    /** Says which stage begins with what: `build fct_events`. */
    stage(stage: string, input: unknown): void;
    /** A name to show for an object's id. */
    name(id: string, name: string): void;
    /** Takes the line away. */
    done(): void;
}

const TICK_MS = 200;

/** Shows progress on standard error; silent where that is no terminal. */
export function createProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
    const silent = () => undefined;
    if (!stream.isTTY) return { say: silent, stage: silent, name: silent, done: silent };
    const names = new Map<string, string>();
    const started = performance.now();
    let current = '';
    let timer: NodeJS.Timeout | undefined;

    function draw(): void {
        const text = `${current}  ${duration(performance.now() - started)}`;
        cursorTo(stream, 0);
        stream.write(paintError('dim', text.slice(0, (stream.columns ?? 80) - 1)));
        clearLine(stream, 1);
    }

    function say(text: string): void {
        current = text;
        timer ??= setInterval(draw, TICK_MS).unref();
        draw();
    }

    return {
        say,
        stage: (stage, input) => say(stageWords(stage, input, names)),
        name: (id, name) => names.set(id, name),
        done() {
            clearInterval(timer);
            if (timer === undefined) return;
            timer = undefined;
            cursorTo(stream, 0);
            clearLine(stream, 0);
        },
    };
}

function stageWords(stage: string, input: unknown, files: ReadonlyMap<string, string>): string {
    const { id, model } = (input ?? {}) as { id?: string; model?: string };
    const subject = model ?? (id === undefined ? undefined : (files.get(id) ?? id.slice(0, 8)));
    return subject === undefined ? stage : `${stage} ${subject}`;
}
