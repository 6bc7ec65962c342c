import { basename } from 'node:path';
import { loadProject, PROJECT_ROOT } from '#embedded/project.ts';
import { createRuntime } from '#embedded/runtime.ts';

/** A process of its own that ingests files, so that a test can kill it: `node ingest-process.ts LAKE FILE...` */
const [lake, ...files] = process.argv.slice(2);
const project = await loadProject(`${PROJECT_ROOT}/contracts`, `${PROJECT_ROOT}/models`);
const runtime = await createRuntime({ lake: lake as string, project });
await runtime.sweep();
const objects = [];
for (const file of files) {
    const name = basename(file);
    const dataset = name.replace(/[-.].*$/, '');
    objects.push(await runtime.context.landing.land(`landing/${dataset}/${name}`, file));
}
await runtime.deliver(objects);
await runtime.settle();
await runtime.close();
