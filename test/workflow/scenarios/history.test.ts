import { expect, it } from 'vitest';
import type { ExecutionEvent } from '#core/execution/execution-log.ts';
import { historyOf } from './history.ts';

/** `Name` enters a state, `!Error` fails a task, `<` leaves a Map. */
function events(...marks: readonly string[]): ExecutionEvent[] {
    return marks.map((mark, index) => {
        const base = { id: index + 1, previousEventId: index, timestamp: '2026-01-01T00:00:00.000Z' };
        if (mark === '<') return { ...base, type: 'MapStateExited', details: {} };
        if (mark.startsWith('!')) return { ...base, type: 'TaskFailed', details: { error: mark.slice(1) } };
        return { ...base, type: /Map/.test(mark) ? 'MapStateEntered' : 'TaskStateEntered', details: { name: mark } };
    });
}

it('tells states and errors in their order', () => {
    expect(historyOf(events('Probe', '!Sandbox.Timedout', 'Stage'))).toEqual([
        'Probe',
        'failed: Sandbox.Timedout',
        'Stage',
    ]);
});

it('tells the same of iterations in whatever order they ran', () => {
    const one = historyOf(events('Plan', 'OuterMap', 'InnerMap', 'Build', '!X', 'Check', '<', '<', 'Publish'));
    const other = historyOf(events('Plan', 'OuterMap', 'Build', 'Check', 'InnerMap', '<', '!X', '<', 'Publish'));

    expect(one).toEqual(other);
    expect(one.slice(0, 2)).toEqual(['Plan', 'OuterMap']);
    expect(one.at(-1)).toBe('Publish');
});

it('leaves out how often a build waited for files', () => {
    const waited = events(
        'Plan',
        'IsPlanned',
        'WaitForFiles',
        'Plan',
        'IsPlanned',
        'WaitForFiles',
        'Plan',
        'IsPlanned',
    );

    expect(historyOf([...waited, ...events('Publish')])).toEqual(['Plan', 'IsPlanned', 'Publish']);
});
