import { bindInput } from '#core/build/relations.ts';
import { objectsOf } from '#core/registry/registry.ts';
import type { ControlStore } from '#core/store/ports.ts';
import type { Project } from '#embedded/project.ts';
import type { Comparer } from './comparer.ts';

/** Compares every dataset with dates as a build of some of them would read it: a condition on its column. */
export async function compareNarrowed(comparer: Comparer, project: Project, control: ControlStore): Promise<void> {
    for (const contract of project.contracts.values()) {
        if (contract.dateColumn === undefined) continue;
        const objects = await objectsOf(control, contract.dataset);
        const dates = [...new Set(objects.flatMap((object) => Object.keys(object.dates)))].sort();
        const some = dates.filter((_, index) => index % 10 < 2);
        const input = bindInput({ kind: 'dataset', contract, objects }, { lookback: 0, lookahead: 0 }, some);
        await comparer.compare(`${contract.dataset} by date`, {
            inputs: new Map([[contract.dataset, input]]),
            render: (bind) => `select * from ${bind(contract.dataset)} as input`,
        });
    }
}
