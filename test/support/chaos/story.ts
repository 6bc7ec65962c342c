import { linesOf, type Schedule, textOf } from './schedule.ts';
import type { Call } from './turns.ts';

/** A schedule and what came of it: who was at work when, and where faults struck. */
export function storyOf(schedule: Schedule, calls: readonly Call[]): string {
    const lines: string[] = [];
    let start = 0;
    for (const [index, call] of calls.entries()) {
        const next = calls[index + 1];
        if (call.fault === undefined && next?.actor === call.actor) continue;
        const first = calls[start] as Call;
        const fault = call.fault ? `  <-- ${textOf(call.fault)}` : '';
        const what = start === index ? call.what : `${first.what} ... ${call.what}`;
        lines.push(`  ${String(first.number).padStart(4)} ${call.actor.name}: ${what}${fault}`);
        start = index + 1;
    }
    return ['The schedule:', ...linesOf(schedule).slice(1), 'What happened:', ...lines].join('\n');
}
