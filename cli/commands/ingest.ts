import { join } from 'node:path';
import { Command } from 'commander';
import { answering, type Call, examples } from '../command.ts';
import { addGlobals, EVERYWHERE } from '../globals.ts';
import { patienceOption } from '../numeric-options.ts';
import { counted } from '../output/numbers.ts';
import type { Answer } from '../output/output.ts';

interface IngestOptions {
    readonly dataset?: string;
    readonly name?: string;
    /** Commander's name for `--no-build`. */
    readonly build: boolean;
    readonly patience: number;
}

/** `cartlake ingest FILE|DIR|-` */
export function ingestCommand(): Command {
    const command = new Command('ingest')
        .description('Take files into the lake, then build, publish and report what they change.')
        .argument('<path...>', 'files, folders (files that a contract covers), or - for standard input')
        .option('--dataset <name>', 'what the files are, whatever their names')
        .option('--name <file name>', 'file name for standard input')
        .option('--no-build', 'take the files in and leave the build to cartlake build')
        .addOption(patienceOption())
        .addHelpText(
            'after',
            examples(
                ['cartlake ingest data/', 'every file that a contract covers'],
                ['cartlake ingest events.csv users.csv.gz', 'some files, plain or compressed'],
                ['cartlake ingest export-17.txt --dataset events', 'a file whose name says nothing'],
                ['zcat e.gz | cartlake ingest - --name events.csv', 'standard input'],
                ['cartlake ingest data/ --target localstack', 'upload to a deployed pipeline'],
                ['cartlake ingest data/ --set events.price_reading=unit_list', 'prices are per unit'],
            ),
        )
        .action(answering(ingest));
    return addGlobals(command, EVERYWHERE);
}

async function ingest({ arguments: [paths], options, globals, output }: Call<IngestOptions>): Promise<Answer> {
    if (globals.target) {
        const { deployedIngest } = await import('../deployed/ingest.ts');
        return deployedIngest(globals.target, paths as string[], options, output);
    }
    const { useLake } = await import('../lake.ts');
    const { findFiles } = await import('../ingest/find-files.ts');
    const { ingestFiles } = await import('../ingest/ingest-files.ts');
    const { fileDocument, fileLines, stateOf } = await import('../ingest/file-results.ts');
    const { buildDocument, buildLines, watchBuilds } = await import('../build-outcome.ts');
    const { holdsDemo } = await import('../demo/holds-demo.ts');
    const { createProgress } = await import('../output/progress.ts');
    const progress = createProgress();
    const use = { mode: 'create', holdBuilds: !options.build, onStage: progress.stage } as const;
    return useLake(globals, use, async (lake) => {
        const { runtime } = lake;
        if (await holdsDemo(globals.lake)) output.warn(IN_A_DEMO);
        const found = await findFiles(paths as string[], {
            contracts: lake.project.contracts,
            dataset: options.dataset,
            name: options.name,
            temporary: join(globals.lake, 'tmp'),
        });
        try {
            const outcome = await watchBuilds(runtime);
            await runtime.sweep();
            if (lake.settingsChanged) await runtime.requestBuild();
            const results = await ingestFiles(runtime, found.files, {
                onLand: ({ name }) => progress.say(`land ${name}`),
                onLanded: (id, { name }) => progress.name(id, name),
            });
            progress.done();
            const missing = found.unreadable.map(({ name, why }) => ({
                name,
                entry: undefined,
                known: false,
                problem: why,
            }));
            const all = [...results, ...missing];
            const builds = await outcome();
            const rejected = all
                .filter((result) => stateOf(result) === 'accepted')
                .reduce((sum, { entry }) => sum + (entry?.staged?.rows.rejected ?? 0), 0);
            if (rejected > 0)
                output.warn(`${counted(rejected, 'row')} rejected; see cartlake quarantine${globals.lakeOption}`);
            for (const path of found.skipped) output.warn(`${path} skipped: no contract covers it`);
            const bad = all.filter((result) => ['rejected', 'failed'].includes(stateOf(result)));
            const ok = bad.length === 0 && builds.failures.length === 0;
            return {
                document: { files: all.map(fileDocument), skipped: found.skipped, ...buildDocument(builds), ok },
                lines: [
                    ...(all.length > 0 ? [...fileLines(all), ''] : ['No files to take in.', '']),
                    ...buildLines(builds, globals.lakeOption),
                    ...hints(globals.lakeOption, builds.built.length > 0),
                ],
                code: ok ? 0 : 1,
            };
        } finally {
            progress.done();
            await found.release();
        }
    });
}

const IN_A_DEMO =
    "this lake holds the demo's shop, which these files join. For a shop of your own: cartlake clean first, or --lake DIR.";

function hints(option: string, hasBuilt: boolean): string[] {
    if (!hasBuilt) return [];
    return ['', `Next: tables: cartlake status${option}  |  the decision: cartlake report${option}`];
}
