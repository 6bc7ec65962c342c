import { runOfPart } from '../catalog/part-run.ts';
import type { TableVersion } from '../catalog/version.ts';
import type { Contract } from '../contracts/contract.ts';
import { reachOf } from '../lineage/reach.ts';
import type { ModelGraph } from '../models/graph.ts';
import type { Model } from '../models/model.ts';
import type { DatasetMonth, MartLineage, ObjectReading } from '../publish/lineage.ts';
import type { RegisteredObject } from '../registry/registry.ts';
import type { IsoDate } from '../types.ts';
import { effectiveObjects, objectVersion, versionOfObjects } from './inputs.ts';

/** Which run computed each part of a version, and how far its rows reach into the datasets. */
export function lineageOf(graph: ModelGraph, model: Model, version: TableVersion): MartLineage {
    const filled = Object.entries(version.parts).filter(([, { rows }]) => rows > 0);
    return {
        parts: filled.map(([name, part]) => ({ part: name, run: runOfPart(part) ?? version.run })),
        reads: reachOf(graph, model),
    };
}

/** The files of a dataset as a run read them, by month. */
export function monthsRead(contract: Contract, objects: readonly RegisteredObject[]): DatasetMonth[] {
    const months = new Map<string, RegisteredObject[]>();
    for (const object of effectiveObjects(contract, objects)) {
        const month = firstDate(object)?.slice(0, 7) ?? 'all';
        const known = months.get(month);
        if (known) known.push(object);
        else months.set(month, [object]);
    }
    return [...months].map(([month, read]) => ({
        dataset: contract.dataset,
        month,
        version: versionOfObjects(read),
        objects: () => read.map(readingOf),
    }));
}

function firstDate({ dates }: RegisteredObject): IsoDate | undefined {
    let first: IsoDate | undefined;
    for (const date in dates) if (first === undefined || date < first) first = date;
    return first;
}

function readingOf(object: RegisteredObject): ObjectReading {
    const { id, key, version, landedAt, rows, dates } = object;
    const reading = objectVersion(object).slice(id.length + 1);
    return { id, reading, uri: key, version, landedAt, rows, dates: Object.keys(dates).sort() };
}
