import { runOfPart } from '../catalog/part-run.ts';
import type { TableVersion } from '../catalog/version.ts';
import type { Contract } from '../contracts/contract.ts';
import { reachOf } from '../lineage/reach.ts';
import type { ModelGraph } from '../models/graph.ts';
import type { Model } from '../models/model.ts';
import type { DatasetObjects, MartLineage } from '../publish/lineage.ts';
import type { RegisteredObject } from '../registry/registry.ts';
import { datasetVersion, effectiveObjects, objectVersion } from './inputs.ts';

/** Which run computed each part of a version, and how far its rows reach into the datasets. */
export function lineageOf(graph: ModelGraph, model: Model, version: TableVersion): MartLineage {
    const filled = Object.entries(version.parts).filter(([, { rows }]) => rows > 0);
    return {
        parts: filled.map(([name, part]) => ({ part: name, run: runOfPart(part) ?? version.run })),
        reads: reachOf(graph, model),
    };
}

/** The files of a dataset as a run read them. */
export function objectsRead(contract: Contract, objects: readonly RegisteredObject[]): DatasetObjects {
    return {
        dataset: contract.dataset,
        version: datasetVersion(contract, objects),
        objects: effectiveObjects(contract, objects).map((object) => ({
            id: object.id,
            reading: objectVersion(object).slice(object.id.length + 1),
            uri: object.key,
            version: object.version,
            landedAt: object.landedAt,
            rows: object.rows,
            dates: Object.keys(object.dates).sort(),
        })),
    };
}
