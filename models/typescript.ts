import type { TypeScriptModel } from '#core/models/model.ts';
import { experimentAnalyses } from './experiment/experiment_analyses.ts';
import { experimentResults } from './experiment/experiment_results.ts';

/** All models that are written in TypeScript. */
export const TYPESCRIPT_MODELS: readonly TypeScriptModel[] = [experimentAnalyses, experimentResults];
