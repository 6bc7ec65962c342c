import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { describe, expect, it } from 'vitest';
import { REASONS } from '#lib/nag/reasons.ts';
import { type Context, LOCAL_URL, withApp } from './synthesised.ts';

const CONTEXTS: Context[] = [
    ...['dev', 'staging', 'prod'].flatMap((stage) => [
        { stage, engine: 'duckdb' },
        { stage, engine: 'athena' },
        { stage, engine: 'duckdb', database: 'external' },
        { stage, engine: 'duckdb', sources: 'shop' },
        { stage, target: 'localstack', databaseUrl: LOCAL_URL },
        { stage, target: 'localstack', databaseUrl: LOCAL_URL, sources: 'shop', sourceUrl: LOCAL_URL },
    ]),
];

interface Finding {
    readonly rule: string;
    readonly path: string;
}

/** What AwsSolutions finds, whether acknowledged or not. */
function allFindings(app: App): Finding[] {
    const checks = new AwsSolutionsChecks();
    Object.assign(checks, { isAcknowledged: () => false });
    return findingsOf(checks, app);
}

function findingsOf(checks: AwsSolutionsChecks, app: App): Finding[] {
    return checks
        .validateScope(app)
        .violations.flatMap(({ ruleName, violatingResources }) =>
            violatingResources.map(({ constructPath }) => ({ rule: ruleName, path: constructPath ?? '' })),
        );
}

function acknowledgements(scope: IConstruct): { rule: string; path: string; reason: string }[] {
    return scope.node.findAll().flatMap((node) =>
        node.node.metadata
            .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
            .flatMap(({ data }) => Object.entries(data as Record<string, string>))
            .map(([id, reason]) => ({ rule: id.replace(/^annotation::/i, ''), path: node.node.path, reason }))
            .filter(({ rule }) => rule.startsWith('AwsSolutions-')),
    );
}

const checked = CONTEXTS.map((context) =>
    withApp(context, (app) => ({
        context,
        unexplained: findingsOf(new AwsSolutionsChecks(), app),
        findings: allFindings(app),
        explained: acknowledgements(app),
    })),
);

describe.each(checked)('AwsSolutions on $context', ({ unexplained, findings, explained }) => {
    it('finds nothing that is not explained', () => {
        expect(unexplained).toEqual([]);
    });

    it('finds everything that is explained, so that no explanation outlives its reason', () => {
        const needless = explained.filter(
            ({ rule, path }) =>
                !findings.some((finding) => finding.rule === rule && finding.path.startsWith(`${path}/`)),
        );

        expect(explained.length).toBeGreaterThan(0);
        expect(needless).toEqual([]);
    });
});

it('every reason is used somewhere', () => {
    const used = new Set(checked.flatMap(({ explained }) => explained.map(({ reason }) => reason)));

    expect(Object.values(REASONS).filter((reason) => !used.has(reason))).toEqual([]);
});
