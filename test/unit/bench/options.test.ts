import { describe, expect, it } from 'vitest';
import { UsageError } from '#core/errors.ts';
import { optionsOf } from '../../../bench/options.ts';

describe('options of the benchmarks', () => {
    it('measure everything on a million events, three times, unless told otherwise', () => {
        expect(optionsOf([])).toEqual({
            only: ['ingest', 'dirty', 'build', 'scale', 'day', 'ledger'],
            rows: 1_000_000,
            repeat: 3,
            json: false,
        });
    });

    it('choose measurements, in the order of the whole, and numbers', () => {
        expect(optionsOf(['--only', 'day', '--only', 'ingest', '--rows', '20000', '--repeat', '5', '--json'])).toEqual({
            only: ['ingest', 'day'],
            rows: 20_000,
            repeat: 5,
            json: true,
        });
    });

    it.each([
        [['--only', 'speed'], '--only: expected one of ingest, dirty, build, scale, day, ledger, found speed.'],
        [['--rows', '1e9'], '--rows: expected an integer from 10000 to 5000000, found 1e9.'],
        [['--rows', 'many'], '--rows: expected an integer from 10000 to 5000000, found many.'],
        [['--repeat', '0'], '--repeat: expected an integer from 1 to 99, found 0.'],
        [['--fast'], /Unknown option '--fast'.*Options: --only NAME, --rows N, --repeat N, --json\./],
    ])('refuse %j', (args, message) => {
        expect(() => optionsOf(args)).toThrow(message);
        expect(() => optionsOf(args)).toThrow(UsageError);
    });
});
