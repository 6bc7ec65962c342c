import { Command } from 'commander';
import { answering, type Call, examples } from '../command.ts';
import { addGlobals } from '../globals.ts';
import { counted } from '../output/numbers.ts';
import type { Answer } from '../output/output.ts';
import { paint } from '../output/style.ts';

/** `cartlake contracts check [DIR]` */
export function contractsCommand(): Command {
    const check = new Command('check')
        .description('everything wrong with all contracts of a folder, with line numbers')
        .argument('[dir]', 'folder of *.odcs.yaml files (default: --contracts, or those that come with Cartlake)')
        .action(answering(checkFolder));
    const command = new Command('contracts')
        .description('Contracts: what rows of a dataset must look like.')
        .addHelpText(
            'after',
            examples(['cartlake contracts check', ''], ['cartlake contracts check my-contracts', '']),
        );
    command.addCommand(addGlobals(check, ['contracts', 'json']));
    return command;
}

async function checkFolder({ arguments: [folder], globals }: Call): Promise<Answer> {
    const { contractFiles } = await import('#embedded/project.ts');
    const { contractsFolder } = await import('../lake.ts');
    const { checkContracts } = await import('#core/contracts/check.ts');
    const report = checkContracts(await contractFiles((folder as string | undefined) ?? contractsFolder(globals)));
    const lines = report.files.flatMap(({ file, dataset, ok, problems }) => [
        `${ok ? paint('green', 'ok') : paint('red', 'no')}  ${file}${dataset === undefined ? '' : ` (${dataset})`}`,
        ...problems.map((problem) => `    ${problem}`),
    ]);
    const wrong = report.files.filter(({ ok }) => !ok).length;
    return {
        document: report,
        lines: [...lines, wrong === 0 ? 'All contracts are fine.' : `${counted(wrong, 'file')} to correct.`],
        code: report.ok ? 0 : 1,
    };
}
