import { Duration, Stack } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { UsageError } from '#core/errors.ts';
import { Machine } from '#lib/constructs/machine.ts';
import { retentionOf } from '#lib/constructs/retention.ts';
import { loadOf } from '#lib/constructs/stage-load.ts';
import { withApp } from './synthesised.ts';

describe('retentionOf', () => {
    it('takes the numbers of days that CloudWatch knows', () => {
        expect(retentionOf(Duration.days(90))).toBe(90);
    });

    it('refuses others', () => {
        expect(() => retentionOf(Duration.days(8))).toThrow(UsageError);
        expect(() => retentionOf(Duration.days(8))).toThrow('cannot keep logs for 8 days');
    });
});

it('a machine whose file names a function that is no stage is refused, with the stages there are', () => {
    const make = () =>
        withApp({}, (app) => new Machine(new Stack(app, 'Other'), 'ingest', { stage: 'dev', functions: new Map() }));

    expect(make).toThrow(UsageError);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholder as the file has it
    expect(make).toThrow('The machine ingest names ${ProbeFunction}, but there is no stage probe.');
});

it.each([
    ['admit', 'documents'],
    ['probe', 'files'],
    ['stage', 'files'],
    ['build', 'tables'],
    ['publish', 'tables'],
    ['sweep', 'documents'],
] as const)('the stage %s is busy with %s', (stage, load) => {
    expect(loadOf(stage)).toBe(load);
});
