import { expect, it } from 'vitest';
import { type Place, turnsByArrival } from '#adapters/archive/turns.ts';

/** Has some turns, one after the other, and notes each. */
async function work(place: Place, name: string, turns: number, order: string[]): Promise<void> {
    for (let turn = 0; turn < turns; turn++) {
        await place.turn();
        order.push(name);
    }
    place.pause();
}

it('gives the one that came first all turns it asks for', async () => {
    const come = turnsByArrival();
    const order: string[] = [];
    const [first, second] = [come(), come()];

    await Promise.all([work(second, 'second', 2, order), work(first, 'first', 3, order)]);

    expect(order).toEqual(['first', 'first', 'first', 'second', 'second']);
});

it('keeps a turn for its owner however long it takes, until the owner pauses', async () => {
    const come = turnsByArrival();
    const order: string[] = [];
    const [first, second] = [come(), come()];
    await first.turn();
    const others = work(second, 'second', 2, order);

    await new Promise((wake) => setTimeout(wake, 20));
    expect(order).toEqual([]);
    first.pause();
    await others;
    expect(order).toEqual(['second', 'second']);
});

it('leaves the turn of another alone when one without a turn pauses', async () => {
    const come = turnsByArrival();
    const order: string[] = [];
    const [first, second] = [come(), come()];
    await first.turn();
    const others = work(second, 'second', 1, order);

    come().pause();
    await new Promise((wake) => setTimeout(wake, 20));
    expect(order).toEqual([]);
    first.pause();
    await others;
});

it('lets this process hear what it waits for between two turns', async () => {
    const place = turnsByArrival()();
    const order: string[] = [];
    setImmediate(() => order.push('an answer'));

    await work(place, 'work', 2, order);

    expect(order).toEqual(['an answer', 'work', 'work']);
});
