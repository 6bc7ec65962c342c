import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '#embedded/asl/clock.ts';

const never = new AbortController().signal;

describe('systemClock', () => {
    beforeEach(() => {
        vi.useFakeTimers({ now: 0 });
    });
    afterEach(() => {
        vi.useRealTimers();
    });

    it('sleeps longer than one timer of Node can', async () => {
        const month = 30 * 24 * 3600 * 1000;
        let awake = false;
        const sleep = systemClock.sleep(month, never).then(() => {
            awake = true;
        });

        await vi.advanceTimersByTimeAsync(month - 1);
        expect(awake).toBe(false);
        await vi.advanceTimersByTimeAsync(1);
        await sleep;
        expect(systemClock.now()).toBe(month);
    });

    it('wakes with the reason when it is aborted', async () => {
        const stop = new AbortController();
        const sleep = systemClock.sleep(1000, stop.signal);

        stop.abort(new Error('enough'));

        await expect(sleep).rejects.toThrow('enough');
        await expect(systemClock.sleep(0, stop.signal)).rejects.toThrow('enough');
    });
});
