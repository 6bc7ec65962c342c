import { Duration } from 'aws-cdk-lib';
import type { MachineName } from '#core/execution/executions.ts';
import type { StageName } from '#lambdas/_aws/permissions.ts';
import type { Sizes } from '../deployment/sizes.ts';

/** What is measured. Counts are sums, ages and durations the greatest value of a period. */
export type Measure =
    | { readonly of: 'queue'; readonly queue: 'arrivals' | 'deadLetters'; readonly metric: 'waiting' | 'oldestSeconds' }
    | {
          readonly of: 'machine';
          readonly machine: MachineName;
          readonly metric: 'succeeded' | 'failed' | 'timedOut' | 'durationMilliseconds';
      }
    /** Objects that do not fit any contract or were given up, wherever that was found out. */
    | { readonly of: 'rejections' }
    /** Summed over the functions; an alarm can add up ten at most. */
    | {
          readonly of: 'functions';
          readonly stages: readonly StageName[];
          readonly metric: 'invocations' | 'errors' | 'throttles';
      };

/** A situation somebody wants to hear of. */
export interface AlarmSpec {
    /** Last part of the alarm's name. */
    readonly name: string;
    /** What has happened and what to do; the text of the mail. */
    readonly says: string;
    readonly measure: Measure;
    readonly rings: { readonly when: 'atLeast' | 'below'; readonly threshold: number };
    readonly period: Duration;
    /** Periods in a row. @default 1 */
    readonly periods?: number;
    /** What a period without any data means. @default 'fine' */
    readonly silence?: 'fine' | 'rings';
}

const INGEST: readonly StageName[] = ['probe', 'stage', 'register', 'reject', 'fail'];
const BUILD: readonly StageName[] = ['plan', 'build', 'check', 'promote', 'halt', 'publish', 'report', 'finish'];
const EDGES: readonly StageName[] = ['admit', 'sweep', 'extract', 'reread', 'request'];

const atLeast = (threshold: number) => ({ when: 'atLeast', threshold }) as const;
const minutes = Duration.minutes;

/** All alarms of a deployment. */
export function alarmsOf({ slowBuild, freshness }: Sizes['alarms']): readonly AlarmSpec[] {
    return [
        ...ingestAlarms,
        ...buildAlarms(slowBuild),
        ...functionAlarms,
        ...(freshness ? [staleAlarm(freshness)] : []),
    ];
}

const ingestAlarms: readonly AlarmSpec[] = [
    {
        name: 'dead-letters',
        says: 'A file landed and could not be admitted. Read the logs of admit, then start a redrive of the queue.',
        measure: { of: 'queue', queue: 'deadLetters', metric: 'waiting' },
        rings: atLeast(1),
        period: minutes(5),
    },
    {
        name: 'arrivals-late',
        says: 'Landed files have waited 15 minutes to be admitted. See errors and throttles of admit.',
        measure: { of: 'queue', queue: 'arrivals', metric: 'oldestSeconds' },
        rings: atLeast(900),
        period: minutes(5),
    },
    {
        name: 'objects-rejected',
        says: 'A file fits no contract, or was given up after many tries. cartlake status names it and says what was expected and found.',
        measure: { of: 'rejections' },
        rings: atLeast(1),
        period: minutes(5),
    },
    {
        name: 'ingest-failing',
        says: 'Files cannot be ingested and nothing is wrong with them; the sweeper tries again. Read the logs of fail.',
        measure: { of: 'functions', stages: ['fail'], metric: 'invocations' },
        rings: atLeast(3),
        period: minutes(15),
    },
    {
        name: 'ingest-timed-out',
        says: 'Ingesting a file took longer than its machine allows. Split the file or give stage more memory.',
        measure: { of: 'machine', machine: 'ingest', metric: 'timedOut' },
        rings: atLeast(1),
        period: minutes(5),
    },
];

const buildAlarms = (slowBuild: Duration): readonly AlarmSpec[] => [
    {
        name: 'build-failed',
        says: 'A build failed, or a model failed its checks and keeps its last good version. See cartlake status.',
        measure: { of: 'machine', machine: 'build', metric: 'failed' },
        rings: atLeast(1),
        period: minutes(5),
    },
    {
        name: 'build-not-finished',
        says: 'A build did not end in the hours its machine allows; the sweeper starts the next one.',
        measure: { of: 'machine', machine: 'build', metric: 'timedOut' },
        rings: atLeast(1),
        period: minutes(5),
    },
    {
        name: 'build-slow',
        says: `A build took longer than ${slowBuild.toHumanString()}. See which model in its execution; give build more memory, or deploy with engine=athena.`,
        measure: { of: 'machine', machine: 'build', metric: 'durationMilliseconds' },
        rings: atLeast(slowBuild.toMilliseconds()),
        period: minutes(5),
    },
];

const functionAlarms: readonly AlarmSpec[] = [
    ...(
        [
            ['edges', EDGES],
            ['ingest', INGEST],
            ['build', BUILD],
        ] as const
    ).flatMap(([name, stages]): AlarmSpec[] => [
        {
            name: `${name}-errors`,
            says: `Functions fail again and again (${stages.join(', ')}). Retries may still succeed; read their logs.`,
            measure: { of: 'functions', stages, metric: 'errors' },
            rings: atLeast(5),
            period: minutes(15),
        },
        {
            name: `${name}-throttled`,
            says: `Functions wait for free concurrency (${stages.join(', ')}). Ask AWS for a higher limit or land fewer files at once.`,
            measure: { of: 'functions', stages, metric: 'throttles' },
            rings: atLeast(1),
            period: minutes(5),
            periods: 3,
        },
    ]),
    {
        name: 'sweeper-silent',
        says: 'The sweeper has not run for half an hour, so nothing restarts what gets stuck. See its schedule and logs.',
        measure: { of: 'functions', stages: ['sweep'], metric: 'invocations' },
        rings: { when: 'below', threshold: 1 },
        period: minutes(15),
        periods: 2,
        silence: 'rings',
    },
];

const staleAlarm = (freshness: Duration): AlarmSpec => ({
    name: 'marts-stale',
    says: `No build has succeeded for ${freshness.toHumanString()}: files stopped coming, or do not get through. See cartlake status.`,
    measure: { of: 'machine', machine: 'build', metric: 'succeeded' },
    rings: { when: 'below', threshold: 1 },
    period: Duration.hours(1),
    periods: freshness.toHours(),
    silence: 'rings',
});
