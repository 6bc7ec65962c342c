import { Command } from 'commander';
import { useAnyLake } from '../anywhere.ts';
import { answering, type Call, examples } from '../command.ts';
import { addGlobals, EVERYWHERE } from '../globals.ts';
import { patienceOption } from '../numeric-options.ts';
import type { Answer } from '../output/output.ts';

interface ExtractOptions {
    readonly from?: string;
    readonly patience: number;
}

/** `cartlake extract [DATASET...]` */
export function extractCommand(): Command {
    const command = new Command('extract')
        .description('Reads datasets from their PostgreSQL, lands what changed, ingests it and builds.')
        .argument('[datasets...]', 'their names; all whose contract names a database without one')
        .option('--from <url>', "the database's URL (default: CARTLAKE_SOURCE_<SERVER>_URL, as the contract names it)")
        .addOption(patienceOption())
        .addHelpText(
            'after',
            examples(
                ['cartlake extract', 'everything that has a database'],
                ['cartlake extract customers --from postgres://reader:password@db:5432/shop', 'one dataset'],
                ['cartlake extract customers --target aws', 'by the deployed function, which knows its database'],
            ),
        )
        .action(answering<ExtractOptions>(extract));
    return addGlobals(command, EVERYWHERE);
}

async function extract({ arguments: [names], options, globals, output }: Call<ExtractOptions>): Promise<Answer> {
    const { extractSources, knowsSources } = await import('../extract/sources.ts');
    if (globals.target && !knowsSources(options.from, process.env)) {
        const { deployedExtract } = await import('../deployed/extract.ts');
        return deployedExtract(globals.target, names as string[], options.patience);
    }
    const { extractAll } = await import('../extract/extract-all.ts');
    const { extractDocument, extractLines } = await import('../extract/extract-lines.ts');
    const { buildDocument, buildLines } = await import('../build-outcome.ts');
    const { createProgress } = await import('../output/progress.ts');
    const progress = createProgress();
    const { patience } = options;
    return useAnyLake(globals, { mode: 'create', onStage: progress.stage, patience }, async (lake) => {
        try {
            const sources = extractSources(names as string[], lake.project.contracts, options.from, process.env);
            const outcome = await lake.watchBuilds();
            await lake.sweep();
            const results = await extractAll(lake, sources, {
                onRead: (dataset) => progress.say(`extract ${dataset}`),
                onRetry: (why, waitMs) => output.warn(`${why} Next try in ${waitMs / 1000} s.`),
            });
            progress.done();
            const advice = new Set(results.flatMap(({ extraction }) => extraction?.advice ?? []));
            for (const text of advice) output.warn(text);
            const builds = await outcome();
            const ok = builds.failures.length === 0 && results.every(({ problem }) => problem === undefined);
            return {
                document: { extracts: results.map(extractDocument), ...buildDocument(builds), ok },
                lines: [...extractLines(results), '', ...buildLines(builds, globals.lakeOption)],
                code: ok ? 0 : 1,
            };
        } finally {
            progress.done();
        }
    });
}
