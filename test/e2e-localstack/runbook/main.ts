// Every section of docs/runbook.md on the state it is about, on a LocalStack: npm run rehearse:runbook [-- PART OF A HEADING]
import { generateShop } from '#core/generate/shop.ts';
import type { ObjectRef } from '#core/types.ts';
import { say } from '#localstack/command-line.ts';
import { readSections } from '#test/support/runbook.ts';
import { type Run, runOnLocalStack, seconds } from '../on-localstack.ts';
import { type Place, postgresOf, setUp } from '../place.ts';
import { repeatAfter } from './breaking.ts';
import { BUILDS } from './builds.ts';
import { EDGES } from './edges.ts';
import { INGESTS } from './ingests.ts';
import { rehearse } from './rehearse.ts';
import { createScene, type Scene } from './scene.ts';

/** Five files with an experiment; few, since every repair ends with a build. */
const SHOP = { users: 60, seed: 3, days: 10, effect: 0.2 };

await runOnLocalStack(rehearseAll);

/** A deployment that extracts from a database which is not there yet: that is what edges-errors is about. */
async function place({ folder, state, stop }: Run): Promise<Place> {
    const postgres = postgresOf(state);
    await postgres.keep();
    const { url, release } = await postgres.acquire();
    await release();
    const shop = new URL(url);
    shop.pathname = '/shop';
    return setUp(folder, state, stop, ['--sources', 'shop', '--source-url', shop.href]);
}

async function rehearseAll(run: Run): Promise<void> {
    const began = performance.now();
    const scene = await createScene(await place(run));
    await prepare(scene);
    say(`set up in ${seconds(began)}`);
    const sections = await readSections();
    const [part = ''] = process.argv.slice(2);
    for (const rehearsal of [...BUILDS, ...INGESTS, ...EDGES]) {
        const { section, broken, leftOut } = rehearsal;
        if (run.stop.aborted) return;
        if (!section.includes(part)) continue;
        await run.check(`${section}: ${broken}`, async () => {
            const done = await rehearse(scene, sections, rehearsal);
            return leftOut === undefined ? done : `${done}; not here: ${leftOut}`;
        });
    }
    scene.place.deployment.close();
}

/** A shop with an experiment, so that every table has rows; and a queue that repeats what failed at once. */
async function prepare(scene: Scene): Promise<void> {
    const { pipeline } = scene;
    const objects: ObjectRef[] = [];
    for (const { name, chunks } of generateShop(SHOP).files) {
        const dataset = name.replace('.csv', '');
        objects.push(await pipeline.land(`landing/${dataset}/${dataset}-shop.csv`, [...chunks].join('')));
    }
    await pipeline.ingested(objects);
    await pipeline.built();
    await repeatAfter(scene, 3);
}
