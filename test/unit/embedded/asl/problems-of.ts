import { DefinitionError, loadMachine } from '#embedded/asl/load.ts';

/** What loading a definition reports, as `path: message`. */
export function problemsOf(definition: unknown): string[] {
    try {
        loadMachine(typeof definition === 'string' ? definition : JSON.stringify(definition), { name: 'm' });
        return [];
    } catch (error) {
        if (!(error instanceof DefinitionError)) throw error;
        return error.problems.map(({ path, message }) => `${path}: ${message}`);
    }
}
