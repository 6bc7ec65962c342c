import type { TypeScriptModel } from '#core/models/model.ts';

/** All models that are written in TypeScript. */
export const TYPESCRIPT_MODELS: readonly TypeScriptModel[] = [];
