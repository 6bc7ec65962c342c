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

/** The app of a context, without bundling code and without the slow rules of the CDK, which have a test of their own. */
export function appOf(context: Context, outdir: string, validates = false): App {
    return createApp({
        outdir,
        analyticsReporting: false,
        context: {
            ...FLAGS,
            'aws:cdk:bundling-stacks': [],
            '@aws-cdk/core:validateAgainstDefaultRules': validates,
            ...context,
        },
    });
}

/** Runs `use` with the app of a context, and removes what it wrote. */
export function withApp<T>(context: Context, use: (app: App) => T, validates = false): T {
    const folder = mkdtempSync(join(tmpdir(), 'cartlake-infra-'));
    try {
        return use(appOf(context, folder, validates));
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

const known = new Map<string, ReadonlyMap<StackKind, Template>>();

/** Templates of a context by the kind of their stack; made once. */
export function templatesOf(context: Context): ReadonlyMap<StackKind, Template> {
    const key = JSON.stringify(context);
    const found = known.get(key) ?? synthesise(context);
    known.set(key, found);
    return found;
}

function synthesise(context: Context): ReadonlyMap<StackKind, Template> {
    return withApp(context, (app) => {
        const stacks = app.synth().stacks;
        return new Map(
            stacks.map(({ stackName, template }) => [
                stackName.split('-').at(-1) as StackKind,
                Template.fromJSON(template as Record<string, unknown>),
            ]),
        );
    });
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
