import { simulateContradictions } from './contradictions.ts';
import { simulateFalseAlarms } from './false-alarms.ts';
import { simulatePeeking } from './peeking.ts';
import { markdownOf } from './table.ts';

/** Checks the promises of the statistics on made-up data with fixed seeds; prints the tables of docs/experiments.md. */
const tables = [simulateFalseAlarms(20_000), simulatePeeking(2_000), simulateContradictions(10_000)];
console.log(tables.map(markdownOf).join('\n\n'));
