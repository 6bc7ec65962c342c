import { Stack, Validations } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { REASONS, type ReasonName } from './reasons.ts';

/** A rule of cdk-nag's AwsSolutions pack, such as `AwsSolutions-S1`. */
export type RuleId = `AwsSolutions-${string}`;

/** Accepts that a rule does not hold for a construct and what is below it. */
export function acknowledge(scope: IConstruct, rule: RuleId, reason: ReasonName): void {
    Validations.of(scope).acknowledge({ id: rule, reason: REASONS[reason] });
}

/** Accepts the wildcards in the resources of one statement, and no others. */
export function acknowledgeWildcards(scope: IConstruct, statement: PolicyStatement, reason: ReasonName): void {
    for (const resource of statement.resources) {
        const text = asNagWritesIt(Stack.of(scope).resolve(resource));
        if (text.includes('*')) acknowledge(scope, `AwsSolutions-IAM5[Resource::${text}]`, reason);
    }
}

/** cdk-nag names a finding after the resolved text, with references in angle brackets. */
function asNagWritesIt(resolved: unknown): string {
    if (typeof resolved === 'string') return resolved;
    const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = resolved as Intrinsic;
    if (Ref !== undefined) return `<${Ref}>`;
    if (attribute !== undefined) return `<${attribute.join('.')}>`;
    if (join !== undefined) return join[1].map(asNagWritesIt).join(join[0]);
    return JSON.stringify(resolved);
}

interface Intrinsic {
    readonly Ref?: string;
    readonly 'Fn::GetAtt'?: readonly string[];
    readonly 'Fn::Join'?: readonly [string, readonly unknown[]];
}
