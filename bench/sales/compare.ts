import type { Result } from '../measurements/measurement.ts';
import { countText, secondsText } from '../measurements/measurement.ts';
import { compare, median } from '../samples.ts';
import type { Workspace } from '../workspace.ts';
import { CONTENDERS, type Contender, type Outcome, requireSameReport, runContender } from './contenders.ts';
import { type SalesData, writeSales } from './data.ts';

/** What a size is held to against the plain pandas script: ratios of time and of memory. */
export interface Targets {
    readonly time: number;
    readonly memory: number | undefined;
}

const NAMES: Readonly<Record<Contender, string>> = {
    cartlake: 'cartlake',
    pandas: 'pandas',
    json_pandas: 'pandas fed by json',
    polars: 'polars',
};

/** The sales report of some weekly archives: this pipeline beside scripts, in turns, everybody's report the same. */
export async function compareContenders(
    workspace: Workspace,
    python: string,
    data: SalesData,
    targets: Targets,
    repeat: number,
): Promise<Result[]> {
    const { folder, events } = await writeSales(workspace.path('sales'), data);
    const outcomes = new Map<Contender, Outcome[]>(CONTENDERS.map((contender) => [contender, []]));
    for (let repetition = 0; repetition < repeat; repetition++) {
        // Each begins in turn: what slows the machine down meets everybody.
        for (const [index] of CONTENDERS.entries()) {
            const contender = CONTENDERS[(index + repetition) % CONTENDERS.length] as Contender;
            console.error(`sales: ${countText(events)} events, ${NAMES[contender]}, ${repetition + 1} of ${repeat}`);
            outcomes.get(contender)?.push(await runContender(contender, { workspace, python, data: folder }));
        }
    }
    await workspace.remove(folder);
    requireSameReport([...outcomes].flatMap(([contender, runs]) => runs.map((outcome) => ({ ...outcome, contender }))));
    const of = (contender: Contender) => outcomes.get(contender) as Outcome[];
    return CONTENDERS.filter((contender) => contender !== 'cartlake').flatMap((contender) =>
        ratios(of('cartlake'), of(contender), {
            what: `sales report of ${countText(events)} events: cartlake / ${NAMES[contender]}`,
            targets: contender === 'pandas' ? targets : undefined,
        }),
    );
}

function ratios(
    ours: readonly Outcome[],
    theirs: readonly Outcome[],
    { what, targets }: { what: string; targets: Targets | undefined },
): Result[] {
    const { ratio, lowest, highest, cpuRatio, subjectSeconds, baseSeconds } = compare(ours, theirs);
    const [peak, otherPeak] = [ours, theirs].map((runs) => median(runs.map(({ peakBytes }) => peakBytes)));
    return [
        {
            what: `${what}, time`,
            ratio,
            range: [lowest, highest],
            cpuRatio,
            target: targets?.time,
            note: `${secondsText(subjectSeconds)} / ${secondsText(baseSeconds)}`,
        },
        {
            what: `${what}, peak memory`,
            ratio: (peak as number) / (otherPeak as number),
            range: undefined,
            cpuRatio: undefined,
            target: targets?.memory,
            note: `${Math.round((peak as number) / 1e6)} MB / ${Math.round((otherPeak as number) / 1e6)} MB`,
        },
    ];
}
