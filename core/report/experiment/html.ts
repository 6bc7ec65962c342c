import type { ExperimentAnalysis } from '../../experiment/document.ts';
import { html } from '../markup.ts';
import { STYLE } from '../style.ts';
import { renderImpact } from './after.ts';
import { renderAnswers } from './answers.ts';
import { renderBand, renderHead, renderTrust } from './band.ts';
import { renderDiagnostics } from './diagnostics.ts';
import { freshnessCheck } from './freshness.ts';
import { renderFunnel } from './funnel.ts';
import { renderGoals } from './goals.ts';
import { renderGuardrails } from './guardrails.ts';
import type { ReportMeta } from './meta.ts';
import { renderMethod } from './method.ts';
import { renderOverTime } from './over-time.ts';
import { renderPlan } from './plan-section.ts';
import { renderSecondary } from './secondary.ts';
import { renderSegments } from './segments.ts';
import type { MartSource } from './sources.ts';
import { decisionWords } from './words.ts';

/**
 * One self-contained page: style and pictures inside, no script, nothing loaded from elsewhere.
 * All text from data is escaped. The same analysis, meta and sources (the statements behind it) give the same bytes.
 */
export function renderExperimentHtml(
    analysis: ExperimentAnalysis,
    meta: ReportMeta,
    sources: readonly MartSource[] = [],
): string {
    const title = `${analysis.experimentId}: ${decisionWords(analysis.verdict).word}`;
    const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${title}</title><style>${{ markup: STYLE }}</style></head>
<body><main>
${renderHead(analysis, meta)}
${renderBand(analysis)}
${renderAnswers(analysis)}
${renderTrust([...analysis.trust, ...freshnessCheck(analysis, meta)])}
${renderPlan(analysis)}
${renderGoals(analysis)}
${renderGuardrails(analysis)}
${renderFunnel(analysis)}
${renderSecondary(analysis)}
${renderSegments(analysis)}
${renderOverTime(analysis)}
${renderImpact(analysis)}
${renderDiagnostics(analysis)}
${renderMethod(analysis, sources)}
<footer>${footer(analysis, meta)}</footer>
</main></body></html>
`;
    return page.markup;
}

function footer({ plan }: ExperimentAnalysis, meta: ReportMeta): string {
    // A file that was analysed is in no lake to replay it from.
    const again =
        plan.looks.kind === 'once'
            ? 'the same question to the same file gives the same numbers'
            : `the same numbers again: cartlake experiment replay ${meta.hash}`;
    const parts = [
        `Generated ${meta.generatedAt}`,
        meta.dataThrough === null ? null : `data through ${meta.dataThrough}`,
        meta.run === null ? null : `run ${meta.run}`,
        `analysis ${meta.hash} (${again})`,
    ];
    return `${parts.filter((part) => part !== null).join(', ')}.`;
}
