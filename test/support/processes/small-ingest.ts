import { basename } from 'node:path';
import { createRuntime } from '#embedded/runtime.ts';
import { smallProject } from '#test/support/small-project.ts';

/**
 * A process of its own that ingests files into a small project: `node small-ingest.ts LAKE URL FILE...`. An empty URL
 * is the lake's own PostgreSQL.
 */
const [lake = '', url = '', ...files] = process.argv.slice(2);
const runtime = await createRuntime({ lake, postgresUrl: url || undefined, project: await smallProject() });
try {
    await runtime.sweep();
    const objects = [];
    for (const file of files) {
        const dataset = basename(file).replace(/[-.].*$/, '');
        objects.push(await runtime.context.landing.land(`landing/${dataset}/${basename(file)}`, file));
    }
    await runtime.deliver(objects);
    await runtime.settle();
} finally {
    await runtime.close();
}
