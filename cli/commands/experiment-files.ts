import { join, relative } from 'node:path';
import { Command } from 'commander';
import { answering, type Call, examples } from '../command.ts';
import { addGlobals } from '../globals.ts';
import { counted } from '../output/numbers.ts';
import type { Answer } from '../output/output.ts';
import { paint } from '../output/style.ts';

interface FolderOptions {
    readonly experiments?: string;
    readonly start?: string;
}

/** The option that says where plan files are. */
export const EXPERIMENTS_OPTION = [
    '--experiments <dir>',
    'folder of the plan files (default: experiments in the project)',
] as const;

/** The folder of a call. */
export async function experimentsFolder(options: { readonly experiments?: string }): Promise<string> {
    const { PROJECT_ROOT } = await import('#embedded/project.ts');
    return options.experiments ?? join(PROJECT_ROOT, 'experiments');
}

/** `cartlake experiment new NAME` */
export function experimentNewCommand(): Command {
    const command = new Command('new')
        .description('A plan file to fill in.')
        .argument('<experiment>', 'its name, as the assignments have it')
        .option(...EXPERIMENTS_OPTION)
        .option('--start <day>', 'first day (default: today)')
        .addHelpText('after', examples(['cartlake experiment new new_product_page', '']))
        .action(answering(makeFile));
    return addGlobals(command, ['json']);
}

async function makeFile({ arguments: [name], options }: Call<FolderOptions>): Promise<Answer> {
    const { mkdir, writeFile } = await import('node:fs/promises');
    const { UsageError } = await import('#core/errors.ts');
    const { newPlanText } = await import('#core/experiment/declaration/new-plan.ts');
    const start = options.start ?? new Date().toISOString().slice(0, 10);
    if (!/^\d{4}-\d{2}-\d{2}$/.test(start) || Number.isNaN(Date.parse(start))) {
        throw new UsageError(`--start is "${start}": expected a day such as 2024-03-01.`);
    }
    const text = newPlanText(name as string, start);
    const folder = await experimentsFolder(options);
    const path = join(folder, `${name as string}.yaml`);
    await mkdir(folder, { recursive: true });
    await writeFile(path, text, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
        throw new UsageError(`${relative('.', path)} is there already. Edit it, or choose another name.`);
    });
    const shown = relative('.', path);
    return {
        document: { file: path },
        lines: [`${shown} is to be filled in. Then: cartlake experiment plan ${name as string}`],
    };
}

/** `cartlake experiment check [FILE...]` */
export function experimentCheckCommand(): Command {
    const command = new Command('check')
        .description('Everything wrong with the plan files, with line numbers.')
        .argument('[file...]', 'some files; without one all of the folder')
        .option(...EXPERIMENTS_OPTION)
        .addHelpText('after', examples(['cartlake experiment check', ''], ['cartlake experiment check plan.yaml', '']))
        .action(answering(checkFiles));
    return addGlobals(command, ['json']);
}

async function checkFiles({ arguments: [paths], options }: Call<FolderOptions>): Promise<Answer> {
    const { planFiles } = await import('#embedded/project.ts');
    const { readPlan } = await import('#core/experiment/declaration/read.ts');
    const { problemText } = await import('#core/contracts/problem.ts');
    const named = paths as string[];
    const files = named.length > 0 ? await readNamed(named) : await planFiles(await experimentsFolder(options));
    const read = files.map(readPlan).map(({ file, plan, problems }) => ({
        file,
        experiment: plan?.experimentId ?? null,
        ok: problems.length === 0,
        problems: problems.map(problemText),
    }));
    const wrong = read.filter(({ ok }) => !ok).length;
    const verdict =
        read.length === 0
            ? 'No plan files. Make one: cartlake experiment new NAME'
            : wrong === 0
              ? 'All plans are fine.'
              : `${counted(wrong, 'file')} to correct.`;
    return {
        document: { ok: wrong === 0, files: read },
        lines: [
            ...read.flatMap(({ file, ok, problems }) => [
                `${ok ? paint('green', 'ok') : paint('red', 'no')}  ${file}`,
                ...problems.map((problem) => `    ${problem}`),
            ]),
            verdict,
        ],
        code: wrong === 0 ? 0 : 1,
    };
}

async function readNamed(paths: readonly string[]): Promise<{ name: string; text: string }[]> {
    const { readFile } = await import('node:fs/promises');
    const { UsageError } = await import('#core/errors.ts');
    return Promise.all(
        paths.map(async (name) => {
            const text = await readFile(name, 'utf8').catch(() => {
                throw new UsageError(`Cannot read ${name}. Name a plan file (*.yaml).`);
            });
            return { name, text };
        }),
    );
}
