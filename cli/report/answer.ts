import type { Answer } from '../output/output.ts';
import { briefLines } from './brief.ts';
import type { StoredReport } from './reports.ts';

/** Decisions in short, each with the address of its page. */
export function reportAnswer(reports: readonly StoredReport[]): Answer {
    const documents = reports.map(({ analysis }) => analysis);
    return {
        document: documents.length === 1 ? documents[0] : documents,
        lines: reports.flatMap(({ analysis, page }, index) => [
            ...(index === 0 ? [] : ['', '']),
            ...briefLines(analysis),
            '',
            `Page: ${page}`,
        ]),
    };
}
