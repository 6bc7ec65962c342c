// The pipeline as it is deployed, on a LocalStack of its own: node test/e2e-localstack/main.ts
import { coerceError } from '#core/errors.ts';
import { runCommand, say } from '#localstack/command-line.ts';
import { CHECKS } from './checks.ts';
import { makeFolder, type Place, setUp, tearDown } from './place.ts';

const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(1)} s`;
let failed = 0;
let passed = 0;

await runCommand(async () => {
    const began = performance.now();
    const { folder, state } = await makeFolder();
    const interrupted = new Promise<never>((_, reject) => {
        for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
            process.once(signal, () => reject(new Error(`stopped by ${signal}`)));
        }
    });
    try {
        await Promise.race([checkAll(() => setUp(folder, state)), interrupted]);
    } catch (error) {
        failed++;
        console.error(coerceError(error).message);
    } finally {
        await tearDown(folder, state);
    }
    say(`${passed} passed, ${failed} failed in ${seconds(began)}`);
});
process.exit(failed > 0 ? 1 : process.exitCode);

async function checkAll(make: () => Promise<Place>): Promise<void> {
    const began = performance.now();
    const place = await make();
    say(`set up in ${seconds(began)}`);
    for (const { name, run } of CHECKS) {
        const start = performance.now();
        try {
            await run(place);
            passed++;
            say(`ok      ${name} (${seconds(start)})`);
        } catch (error) {
            failed++;
            say(`FAILED  ${name} (${seconds(start)})\n${coerceError(error).stack}`);
        }
    }
    place.deployment.close();
}
