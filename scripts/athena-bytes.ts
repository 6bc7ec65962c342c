// Bytes that Athena would read to build a lake's tables from nothing: node scripts/athena-bytes.ts LAKE
import { resolve } from 'node:path';
import { UsageError } from '#core/errors.ts';
import { loadProject, PROJECT_ROOT } from '#embedded/project.ts';
import { createRuntime } from '#embedded/runtime.ts';
import { runCommand, say } from '#localstack/command-line.ts';
import { scanSizes } from './cost/models.ts';

const DOLLARS_PER_TERABYTE = 5;
const TERABYTE = 1024 ** 4;

await runCommand(async () => {
    const [folder] = process.argv.slice(2);
    if (folder === undefined)
        throw new UsageError('Name the folder of a lake that was built: scripts/athena-bytes.ts .cartlake');
    const project = await loadProject(`${PROJECT_ROOT}/contracts`, `${PROJECT_ROOT}/models`);
    const runtime = await createRuntime({ lake: resolve(folder), project, holdBuilds: true });
    try {
        const total = { queries: 0, bytes: 0, billedBytes: 0 };
        say(line('model', 'queries', 'MB read', 'MB billed'));
        for (const size of await scanSizes(runtime)) {
            total.queries += size.queries;
            total.bytes += size.bytes;
            total.billedBytes += size.billedBytes;
            say(line(size.model, size.queries, megabytes(size.bytes), megabytes(size.billedBytes)));
        }
        say(line('all', total.queries, megabytes(total.bytes), megabytes(total.billedBytes)));
        say(`$${((total.billedBytes / TERABYTE) * DOLLARS_PER_TERABYTE).toFixed(4)} at $${DOLLARS_PER_TERABYTE} a TB`);
    } finally {
        await runtime.close();
    }
});

function megabytes(bytes: number): string {
    return (bytes / 1024 / 1024).toFixed(1);
}

function line(name: string, ...cells: (string | number)[]): string {
    return [name.padEnd(30), ...cells.map((cell) => String(cell).padStart(10))].join(' ');
}
