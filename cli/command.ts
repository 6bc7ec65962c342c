import type { Command } from 'commander';
import { tellFailure } from './failure.ts';
import { type Globals, globalsOf } from './globals.ts';
import { type Answer, createOutput, deliver, type Output } from './output/output.ts';

/** One call of a command, as its work sees it. */
export interface Call<Options = Record<string, never>> {
    readonly arguments: readonly unknown[];
    readonly options: Options;
    readonly globals: Globals;
    readonly output: Output;
}

/** Makes a commander action of work that gives an answer; undefined when it has written its answer itself. */
export function answering<Options>(work: (call: Call<Options>) => Promise<Answer | undefined>) {
    return async (...parameters: unknown[]): Promise<void> => {
        const command = parameters.at(-1) as Command;
        const globals = globalsOf(command);
        const output = createOutput(globals.json);
        const options = command.opts() as Options;
        try {
            const answer = await work({ arguments: command.processedArgs, options, globals, output });
            if (answer === undefined) return;
            deliver(output, answer);
            process.exitCode = answer.code ?? 0;
        } catch (error) {
            tellFailure(error, globals.lake, globals.debug);
        }
    };
}

/** Text below a command's help: what people usually type. */
export function examples(...lines: readonly (readonly [command: string, what: string])[]): string {
    const width = Math.max(...lines.map(([command]) => command.length));
    const texts = lines.map(([command, what]) => `  ${command.padEnd(width)}   ${what}`.trimEnd());
    return `\nExamples:\n${texts.join('\n')}`;
}
