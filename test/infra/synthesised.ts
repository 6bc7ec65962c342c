import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { createApp } from '#lib/app.ts';
import { ROOT } from './root.ts';

export type Context = Readonly<Record<string, string>>;
export type StackKind = 'storage' | 'database' | 'query' | 'pipeline';

const FLAGS = (JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')) as { context: Record<string, unknown> })
    .context;
export const LOCAL_URL = 'postgres://cartlake:secret@127.0.0.1:5432/shop';

/** Runs `use` with the app of a context, without bundling code, and removes what it wrote. */
export function withApp<T>(context: Context, use: (app: App) => T): T {
    const outdir = mkdtempSync(join(tmpdir(), 'cartlake-infra-'));
    try {
        const app = createApp({
            outdir,
            analyticsReporting: false,
            context: { ...FLAGS, 'aws:cdk:bundling-stacks': [], ...context },
        });
        return use(app);
    } finally {
        rmSync(outdir, { recursive: true, force: true });
    }
}

/** What a synthesis gives: templates by the kind of their stack, and what the rules of the CDK and cdk-nag say. */
interface Synthesis {
    readonly templates: ReadonlyMap<StackKind, Template>;
    readonly violations: readonly unknown[];
}

const known = new Map<string, Synthesis>();

/** The synthesis of a context; made once. */
export function synthesisOf(context: Context): Synthesis {
    const key = JSON.stringify(context);
    const found = known.get(key) ?? withApp(context, synthesise);
    known.set(key, found);
    return found;
}

function synthesise(app: App): Synthesis {
    const { stacks, directory } = app.synth();
    const report = JSON.parse(readFileSync(join(directory, 'validation-report.json'), 'utf8')) as {
        pluginReports: { violations: unknown[] }[];
    };
    return {
        templates: new Map(
            stacks.map(({ stackName, template }) => [
                stackName.split('-').at(-1) as StackKind,
                Template.fromJSON(template as Record<string, unknown>),
            ]),
        ),
        violations: report.pluginReports.flatMap(({ violations }) => violations),
    };
}

/** Templates of a context by the kind of their stack. */
export function templatesOf(context: Context): ReadonlyMap<StackKind, Template> {
    return synthesisOf(context).templates;
}

/** The template of one stack. Throws when the context makes no such stack. */
export function templateOf(context: Context, kind: StackKind): Template {
    const template = templatesOf(context).get(kind);
    if (!template) throw new Error(`No stack ${kind}; there are ${[...templatesOf(context).keys()].join(', ')}.`);
    return template;
}

interface Resource {
    readonly Type: string;
    readonly DeletionPolicy?: string;
    // biome-ignore lint/suspicious/noExplicitAny: templates are what tests look into, without types
    readonly Properties: any;
}

/** Resources of a type, with their logical ids. */
export function resourcesOf(template: Template, type: string): [string, Resource][] {
    return Object.entries(template.findResources(type)) as [string, Resource][];
}

/** Text of a value with references in angle brackets: `arn:<AWS::Partition>:s3:::name/*`. */
export function flat(value: unknown): string {
    if (typeof value !== 'object' || value === null) return String(value);
    const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Record<string, never>;
    if (Ref) return `<${Ref}>`;
    if (attribute) return `<${(attribute as string[]).join('.')}>`;
    if (join) return (join as [string, unknown[]])[1].map(flat).join((join as [string, unknown[]])[0]);
    return JSON.stringify(value);
}
