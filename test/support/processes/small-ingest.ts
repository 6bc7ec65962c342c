import { basename } from 'node:path';
import { createRuntime } from '#embedded/runtime.ts';
import { smallProject } from '#test/support/small-project.ts';

/** A process of its own that ingests files into a small project: `node small-ingest.ts LAKE URL FILE...` */
const [lake = '', postgresUrl, ...files] = process.argv.slice(2);
const runtime = await createRuntime({ lake, postgresUrl, project: await smallProject() });
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
