import { Command } from 'commander';
import { answering, type Call, examples } from '../command.ts';
import { addGlobals } from '../globals.ts';
import type { Answer } from '../output/output.ts';

interface AnalyseOptions {
    readonly arm: string;
    readonly metric: readonly string[];
    readonly guardrail?: readonly string[];
    readonly segment?: readonly string[];
    readonly lower?: readonly string[];
    readonly covariate?: readonly string[];
    readonly cap?: readonly string[];
    readonly quantile?: readonly string[];
    readonly control?: string;
    readonly unit?: string;
    readonly split?: string;
    readonly confidence: string;
    readonly currency?: string;
    readonly out?: string;
}

const collect = (value: string, earlier: readonly string[] | undefined) => [...(earlier ?? []), value];

/** `cartlake experiment analyse FILE --arm col --metric col` */
export function experimentAnalyseCommand(): Command {
    const command = new Command('analyse')
        .description('The whole analysis of a file of units (CSV, Parquet), as one look at complete data.')
        .argument('<file>', 'one row a unit; or several, with --unit')
        .requiredOption('--arm <column>', 'which arm a unit was in')
        .requiredOption(
            '--metric <spec>',
            'col, col:proportion, col:mean or a/b:ratio; repeatable, the first is primary',
            collect,
        )
        .option(
            '--guardrail <spec>',
            'a metric and by how much it may get worse, such as visit=5%; repeatable',
            collect,
        )
        .option('--segment <column>', 'known before the experiment; repeatable', collect)
        .option(
            '--covariate <spec>',
            'known before, to narrow the interval: col for all goals, or goal=col, or for a ratio goal=a/b; repeatable',
            collect,
        )
        .option(
            '--cap <spec>',
            'read a goal also with its largest values lowered: goal (99.9%), goal=99%, goal=99%,nonzero; repeatable',
            collect,
        )
        .option(
            '--quantile <spec>',
            'compare quantiles of a column: col (P50, P90, P99) or col=95%; repeatable',
            collect,
        )
        .option('--lower <metric>', 'less of it is better; repeatable', collect)
        .option('--control <arm>', 'default: control, else the first by name')
        .option('--unit <column>', 'what was randomised, where one has several rows')
        .option('--split <shares>', 'as planned, such as control=50,b=25,c=25 (default: equal)')
        .option('--confidence <level>', 'of the intervals', '95%')
        .option('--currency <code>', 'of money, such as EUR')
        .option('--out <dir>', 'write the page, JSON, CSV and Markdown here')
        .addHelpText(
            'after',
            examples(
                ['cartlake experiment analyse mail.csv --arm segment --metric visit --metric spend', ''],
                [
                    'cartlake experiment analyse t.parquet --arm v --metric bounced/sessions:ratio --lower "bounced per sessions"',
                    '',
                ],
                ['cartlake experiment analyse t.csv --arm v --metric paid --segment device --out report', ''],
                [
                    'cartlake experiment analyse mail.csv --arm segment --metric spend --covariate history --cap spend=99%,nonzero',
                    'narrower with what was spent before (CUPED), and with large orders capped',
                ],
                [
                    'cartlake experiment analyse t.csv --arm v --metric paid --guardrail errors/views=10% --lower "errors per views"',
                    'a guardrail',
                ],
                [
                    'cartlake experiment analyse views.csv --arm v --unit user --metric bought --quantile load_ms=95%',
                    'several rows a user: page times by their 95th percentile',
                ],
            ),
        )
        .action(answering(analyse));
    return addGlobals(command, ['json']);
}

async function analyse({ arguments: [file], options, globals }: Call<AnalyseOptions>): Promise<Answer> {
    const { tmpdir } = await import('node:os');
    const { createDatabase } = await import('#adapters/duckdb/database.ts');
    const { createUnitTableReader } = await import('#adapters/duckdb/unit-table.ts');
    const { analyseTable } = await import('#core/experiment/table/analyse-table.ts');
    const { parseCap, parseCovariate, parseGuardrail, parseMetric, parseQuantile, parseSplit } = await import(
        '#core/experiment/table/spec.ts'
    );
    const { briefLines } = await import('../report/brief.ts');
    const memory = globals.memory === undefined ? {} : { memory: globals.memory };
    const database = createDatabase({ temporary: tmpdir(), ...memory });
    try {
        const analysis = await analyseTable(createUnitTableReader(database), {
            path: file as string,
            arm: options.arm,
            control: options.control ?? null,
            unit: options.unit ?? null,
            goals: options.metric.map(parseMetric),
            guardrails: (options.guardrail ?? []).map(parseGuardrail),
            lowerIsBetter: options.lower ?? [],
            segments: options.segment ?? [],
            covariates: (options.covariate ?? []).map(parseCovariate),
            caps: (options.cap ?? []).map(parseCap),
            quantiles: (options.quantile ?? []).map(parseQuantile),
            split: options.split === undefined ? null : parseSplit(options.split),
            alpha: await alphaOf(options.confidence),
            currency: options.currency ?? null,
        });
        const written = options.out === undefined ? [] : await writeForms(options.out, analysis);
        return {
            document: analysis,
            lines: [...briefLines(analysis), ...(written.length === 0 ? [] : ['', `Page: ${written[0]}`])],
        };
    } finally {
        database.close();
    }
}

async function alphaOf(text: string): Promise<number> {
    const percent = Number(/^(\d+(?:\.\d+)?)%?$/.exec(text)?.[1]);
    if (percent > 50 && percent < 100) return Number((1 - percent / 100).toPrecision(12));
    const { UsageError } = await import('#core/errors.ts');
    throw new UsageError(`--confidence is "${text}": expected a level such as 95%.`);
}

type Analysis = Parameters<typeof import('../report/brief.ts').briefLines>[0];

/** Writes all forms of the report into a folder. */
async function writeForms(folder: string, analysis: Analysis): Promise<string[]> {
    const { mkdir, writeFile } = await import('node:fs/promises');
    const { join } = await import('node:path');
    const { reportForms } = await import('#core/report/experiment/forms.ts');
    await mkdir(folder, { recursive: true });
    const forms = reportForms(analysis, { generatedAt: new Date().toISOString(), dataThrough: null, run: null });
    const paths: string[] = [];
    for (const [name, text] of forms) {
        const path = join(folder, name);
        await writeFile(path, text);
        paths.push(path);
    }
    return paths;
}
