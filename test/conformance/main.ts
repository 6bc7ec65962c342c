// Every statement of the models on DuckDB and on a real Trino: npm run conformance
import { PipelineError } from '#core/errors.ts';
import { runCommand, say } from '#localstack/command-line.ts';
import { conform } from './conform.ts';
import { openPlace } from './place.ts';
import { comparisonTable } from './table.ts';

const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

await runCommand(async () => {
    const began = performance.now();
    const interrupted = new Promise<never>((_, reject) => {
        for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
            process.once(signal, () => reject(new PipelineError(`Stopped by ${signal}.`)));
        }
    });
    const place = await openPlace(say);
    try {
        say(`Trino answers after ${seconds(began)}`);
        const comparisons = await Promise.race([conform(place), interrupted]);
        say(comparisonTable(comparisons));
        const wrong = comparisons.filter(({ differences }) => differences.length > 0);
        for (const { name, differences } of wrong) say(`\n${name}\n  ${differences.join('\n  ')}`);
        say(`\n${comparisons.length - wrong.length} conform, ${wrong.length} do not; ${seconds(began)}`);
        if (wrong.length > 0) process.exitCode = 1;
    } finally {
        await place.close();
    }
});
// A comparison that was interrupted still waits for Trino.
process.exit(process.exitCode ?? 0);
