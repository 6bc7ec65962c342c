import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Contract } from '#core/contracts/contract.ts';
import type { ContractFile } from '#core/contracts/parse.ts';
import { parseContracts } from '#core/contracts/parse.ts';
import { UsageError } from '#core/errors.ts';
import type { PlanFile } from '#core/experiment/declaration/read.ts';
import type { ExperimentPlan } from '#core/experiment/plan.ts';
import { compileModels } from '#core/models/compile.ts';
import type { ModelGraph } from '#core/models/graph.ts';
import { TYPESCRIPT_MODELS } from '#models/typescript.ts';

/** What a project's files say: contracts, compiled models and plans of experiments. */
export interface Project {
    readonly contracts: ReadonlyMap<string, Contract>;
    readonly graph: ModelGraph;
    /** Plans of experiments, by experiment. */
    readonly experiments?: ReadonlyMap<string, ExperimentPlan> | undefined;
}

/** Folder of this project's own contracts, models and state machines; a bundled function says where its files are. */
export const PROJECT_ROOT = join(import.meta.dirname, '..', '..');

/** Reads the contracts of a folder. Throws UsageError that lists every fault of every file. */
export async function loadContracts(folder: string): Promise<Project['contracts']> {
    return parseContracts(await contractFiles(folder));
}

/** Reads and compiles a project. Throws UsageError that lists every fault of every file. */
export async function loadProject(
    contractsFolder: string,
    modelsFolder: string,
    experimentsFolder = join(PROJECT_ROOT, 'experiments'),
): Promise<Project> {
    const contracts = await loadContracts(contractsFolder);
    const files = textFiles(modelsFolder, '.sql');
    const datasets = [...contracts.values()];
    const graph = compileModels({
        files,
        typescriptModels: TYPESCRIPT_MODELS,
        datasets: datasets.map(({ dataset }) => dataset),
        dateDatasets: datasets.filter(({ dateColumn }) => dateColumn !== undefined).map(({ dataset }) => dataset),
    });
    return { contracts, graph, experiments: await loadPlans(experimentsFolder) };
}

async function loadPlans(folder: string): Promise<ReadonlyMap<string, ExperimentPlan>> {
    const files = await planFiles(folder);
    if (files.length === 0) return new Map();
    const { readPlans } = await import('#core/experiment/declaration/read.ts');
    return readPlans(files);
}

/** The contract files of a folder. */
export async function contractFiles(folder: string): Promise<ContractFile[]> {
    const files = textFiles(folder, '.odcs.yaml');
    if (files.length === 0)
        throw new UsageError(`No contracts (*.odcs.yaml) in ${folder}. Name their folder with --contracts.`);
    return files;
}

/** The plan files of a folder; a project without experiments needs no folder. */
export async function planFiles(folder: string): Promise<PlanFile[]> {
    return existsSync(folder) ? textFiles(folder, '.yaml') : [];
}

/** Read one after the other: nothing else happens meanwhile, and small files take a third of the time that way. */
function textFiles(folder: string, ending: string): { name: string; text: string }[] {
    const names = namesIn(folder).filter((name) => name.endsWith(ending));
    return names.sort().map((name) => ({
        name: relative('.', join(folder, name)),
        text: readFileSync(join(folder, name), 'utf8'),
    }));
}

function namesIn(folder: string): string[] {
    try {
        return readdirSync(folder, { recursive: true, encoding: 'utf8' });
    } catch {
        throw new UsageError(`Cannot read the folder ${folder}.`);
    }
}
