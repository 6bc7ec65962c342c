import type { ExecutionEnd } from './anywhere.ts';
import { type BuildOutcome, buildDocument, buildLines } from './build-outcome.ts';
import { type FileResult, fileDocument, fileLines, stateOf } from './ingest/file-results.ts';
import { counted } from './output/numbers.ts';
import type { Answer } from './output/output.ts';

/** What became of a replay. */
export interface Replayed {
    /** Of its execution; undefined when there was nothing to read. */
    readonly name: string | undefined;
    readonly end: ExecutionEnd | undefined;
    readonly results: readonly FileResult[];
    readonly builds: BuildOutcome;
}

/** Many files are not listed one by one, unless something is wrong with them. */
const MOST_LISTED = 50;

/** A replay for a terminal and as a document; `option` is what commands that are suggested need to find the lake. */
export function replayAnswer({ name, end, results, builds }: Replayed, option: string): Answer {
    const bad = results.filter((result) => stateOf(result) !== 'accepted');
    const listed = results.length > MOST_LISTED ? bad : results;
    const hasEndedWell = end === undefined || end.status === 'SUCCEEDED';
    const ok = hasEndedWell && bad.length === 0 && builds.failures.length === 0;
    return {
        document: { replay: name ?? null, files: results.map(fileDocument), ...buildDocument(builds), ok },
        lines: [
            `Read ${counted(results.length - bad.length, 'file')} again${bad.length > 0 ? `, ${bad.length} not` : ''}.`,
            ...(hasEndedWell
                ? []
                : [`The replay ${name} ended early (${end?.status}): ${end?.cause ?? end?.error ?? ''}`]),
            ...(listed.length > 0 ? ['', ...fileLines(listed), ''] : []),
            ...buildLines(builds, option),
        ],
        code: ok ? 0 : 1,
    };
}
