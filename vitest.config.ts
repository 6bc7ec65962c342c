import { defineConfig } from 'vitest/config';

const project = (name: string, options: { timeout?: number } = {}) => ({
    test: {
        name,
        include: [`test/${name}/**/*.test.ts`],
        testTimeout: options.timeout ?? 10_000,
        hookTimeout: 60_000,
        environment: 'node' as const,
    },
});

/** One project per kind of test; `npm test` runs them all. */
export default defineConfig({
    test: {
        projects: [
            project('unit'),
            project('property', { timeout: 60_000 }),
            project('sql', { timeout: 60_000 }),
            project('workflow', { timeout: 60_000 }),
            project('infra', { timeout: 60_000 }),
            project('e2e', { timeout: 120_000 }),
        ],
    },
});
