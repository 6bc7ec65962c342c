import type { z } from 'zod';
import { didYouMean } from './suggest.ts';

/** One line per fault of a header, `where` first: unknown keys with the closest known one, missing and wrong values. */
export function describeIssues(error: z.ZodError, where: string, knownKeys: readonly string[]): string[] {
    return error.issues.flatMap((issue) => {
        const path = issue.path.length === 0 ? where : `${where}, ${issue.path.join('.')}`;
        if (issue.code === 'unrecognized_keys') {
            return issue.keys.map((key) => `${path}: unknown key "${key}"${didYouMean(key, knownKeys)}`);
        }
        return [`${path}: ${issue.message}`];
    });
}
