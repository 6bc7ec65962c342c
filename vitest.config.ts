import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const project = (name: string, options: { timeout?: number; shares?: boolean } = {}) => ({
    test: {
        name,
        include: [`test/${name}/**/*.test.ts`],
        testTimeout: options.timeout ?? 20_000,
        hookTimeout: 60_000,
        environment: 'node' as const,
        // The CDK takes seconds to load: its tests share one process, and the templates made in it. They come last.
        ...(options.shares && { isolate: false, fileParallelism: false, sequence: { groupOrder: 1 } }),
    },
});

/** One project per kind of test; `npm test` runs them all. */
export default defineConfig({
    test: {
        // Two at least: on two cores Vitest would leave one to itself, and many files wait for processes they started.
        maxWorkers: Math.max(2, availableParallelism() - 1),
        projects: [
            project('unit'),
            project('property', { timeout: 60_000 }),
            project('sql', { timeout: 60_000 }),
            project('workflow', { timeout: 60_000 }),
            project('infra', { timeout: 60_000, shares: true }),
            project('e2e', { timeout: 120_000 }),
        ],
    },
});
