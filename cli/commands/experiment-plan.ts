import { Command } from 'commander';
import { answering, type Call, examples } from '../command.ts';
import { addGlobals } from '../globals.ts';
import { count } from '../output/numbers.ts';
import type { Answer } from '../output/output.ts';
import { table } from '../output/table.ts';
import { EXPERIMENTS_OPTION, experimentsFolder } from './experiment-files.ts';

interface PlanOptions {
    readonly experiments?: string;
    readonly lift?: string;
    readonly baseRate?: string;
}

/** `cartlake experiment plan NAME` */
export function experimentPlanCommand(): Command {
    const command = new Command('plan')
        .description("How many users an experiment needs, and how many days that takes, from the shop's own history.")
        .argument('<experiment>', 'its name; without a plan file the defaults are sized')
        .option('--lift <share>', 'smallest relative change worth finding (default: minimum_lift of the plan, or 5%)')
        .option('--base-rate <share>', 'plan from this share of the primary goal, without a lake, as a calculator does')
        .option(...EXPERIMENTS_OPTION)
        .addHelpText(
            'after',
            examples(
                ['cartlake experiment plan new_product_page', ''],
                ['cartlake experiment plan new_product_page --lift 6%', 'for another change'],
                ['cartlake experiment plan new_product_page --lift 6% --base-rate 4.24%', 'no history needed'],
            ),
        )
        .action(answering(planExperiment));
    return addGlobals(command);
}

async function planExperiment({ arguments: [name], options, globals }: Call<PlanOptions>): Promise<Answer> {
    const { useLake } = await import('../lake.ts');
    const { planFiles } = await import('#embedded/project.ts');
    const { readPlans } = await import('#core/experiment/declaration/read.ts');
    const { defaultPlan } = await import('#core/experiment/plan.ts');
    const { readHistory } = await import('#core/experiment/sizing/history.ts');
    const { planSize } = await import('#core/experiment/sizing/size.ts');
    const { sizeDocument, sizeRows, sizeSentence } = await import('#core/experiment/sizing/words.ts');
    const experiment = name as string;
    const plans = readPlans(await planFiles(await experimentsFolder(options)));
    const plan = plans.get(experiment) ?? defaultPlan(experiment, ['control', 'treatment']);
    const lift = await liftOf(options.lift, plan.minimumLift ?? 0.05);
    if (options.baseRate !== undefined) {
        const { planFromRate } = await import('#core/experiment/sizing/from-rate.ts');
        const { document, sentences } = planFromRate(plan, lift, await rateOf(options.baseRate));
        return { document, lines: [...sentences] };
    }
    return useLake(globals, { mode: 'read' }, async ({ runtime }) => {
        const history = await readHistory(runtime.context, plan.exposedBy);
        const size = planSize(plan, lift, history);
        return {
            document: sizeDocument(plan, lift, history, size),
            lines: [
                ...table(
                    [
                        { heading: 'metric' },
                        { heading: 'baseline', align: 'right' },
                        { heading: 'to find', align: 'right' },
                        { heading: 'users', align: 'right' },
                        { heading: 'with the days before', align: 'right' },
                        { heading: 'for any day', align: 'right' },
                    ],
                    sizeRows(plan, size, count),
                ),
                '',
                ...sizeSentence(plan, lift, history, size),
            ],
        };
    });
}

/** `6%` or `0.06` as a share, without the digits dividing would add. */
function shareOf(text: string): number {
    return text.endsWith('%') ? Number((Number(text.slice(0, -1)) / 100).toPrecision(12)) : Number(text);
}

async function rateOf(text: string): Promise<number> {
    const value = shareOf(text);
    if (value > 0 && value < 1) return value;
    const { UsageError } = await import('#core/errors.ts');
    throw new UsageError(`--base-rate is "${text}": expected a share between 0 and 100%, such as 4.24%.`);
}

async function liftOf(text: string | undefined, otherwise: number): Promise<number> {
    if (text === undefined) return otherwise;
    const value = shareOf(text);
    if (value > 0 && value <= 10) return value;
    const { UsageError } = await import('#core/errors.ts');
    throw new UsageError(`--lift is "${text}": expected a relative change such as 6% or 0.06.`);
}
