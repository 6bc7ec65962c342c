import type { Counts } from './counts.ts';
import { PRICES, s3Price } from './prices.ts';

/** One line of a bill. */
export interface Item {
    readonly what: string;
    readonly arithmetic: string;
    readonly dollars: number;
}

/** Stages that compute tables; with Athena they wait for it instead. */
const COMPUTING = ['build', 'check'];
/** A message is sent, received and deleted. */
const REQUESTS_PER_MESSAGE = 3;
const GIGABYTE = 1024 ** 3;
const MEGABYTE = 1024 ** 2;

/** What the measured run costs with DuckDB in the functions. */
export function duckdbBill(counts: Counts): Item[] {
    return [s3Item(counts), ...lambdaItems(counts, () => true), transitionsItem(counts), queueItem(counts)];
}

/**
 * What the same run costs with Athena. The seconds of the functions that compute tables are taken away, what Athena
 * reads comes in their place; requests to S3, transitions and all else are taken to be the same.
 */
export function athenaBill(counts: Counts): Item[] {
    const bytes = counts.models.reduce((sum, model) => sum + model.billedBytes, 0);
    const queries = counts.models.reduce((sum, model) => sum + model.queries, 0);
    return [
        s3Item(counts),
        ...lambdaItems(counts, (name) => !COMPUTING.includes(name)),
        transitionsItem(counts),
        queueItem(counts),
        {
            what: 'Athena: bytes read',
            arithmetic: `${queries} queries, ${(bytes / 1e9).toFixed(2)} GB x $${PRICES.athenaPerTerabyte} a TB`,
            dollars: (bytes / 1e12) * PRICES.athenaPerTerabyte,
        },
    ];
}

export function total(items: readonly Item[]): number {
    return items.reduce((sum, { dollars }) => sum + dollars, 0);
}

function s3Item({ s3 }: Counts): Item {
    const groups = new Map<number, number>();
    for (const [action, count] of Object.entries(s3)) {
        groups.set(s3Price(action), (groups.get(s3Price(action)) ?? 0) + count);
    }
    const parts = [...groups]
        .filter(([price]) => price > 0)
        .sort(([a], [b]) => b - a)
        .map(([price, count]) => `${count} x $${+(price * 1_000).toPrecision(6)} a thousand`);
    const dollars = [...groups].reduce((sum, [price, count]) => sum + price * count, 0);
    return { what: 'S3: requests', arithmetic: parts.join(' + '), dollars };
}

function lambdaItems({ functions }: Counts, counts: (name: string) => boolean): Item[] {
    const chosen = Object.entries(functions).filter(([name]) => counts(name));
    const seconds = chosen.reduce((sum, [, each]) => sum + (each.seconds * each.memoryMb * MEGABYTE) / GIGABYTE, 0);
    const invocations = Object.values(functions).reduce((sum, each) => sum + each.invocations, 0);
    return [
        {
            what: 'Lambda: time',
            arithmetic: `${seconds.toFixed(1)} GB-s x $${PRICES.lambdaGigabyteSecond}`,
            dollars: seconds * PRICES.lambdaGigabyteSecond,
        },
        {
            what: 'Lambda: invocations',
            arithmetic: `${invocations} x $${PRICES.lambdaPerMillion} a million`,
            dollars: (invocations / 1e6) * PRICES.lambdaPerMillion,
        },
    ];
}

function transitionsItem({ transitions: { ingest, build } }: Counts): Item {
    return {
        what: 'Step Functions: transitions',
        arithmetic: `(${ingest} of ingests + ${build} of builds) x $${PRICES.transitionsPerThousand} a thousand`,
        dollars: ((ingest + build) / 1_000) * PRICES.transitionsPerThousand,
    };
}

function queueItem({ messages }: Counts): Item {
    return {
        what: 'SQS: requests',
        arithmetic: `${messages} messages x ${REQUESTS_PER_MESSAGE} x $${PRICES.sqsPerMillion} a million`,
        dollars: ((messages * REQUESTS_PER_MESSAGE) / 1e6) * PRICES.sqsPerMillion,
    };
}
