import { describe, expect, it } from 'vitest';
import { requireTarget } from '#cli/require-target.ts';
import { UsageError } from '#core/errors.ts';

describe('a command about deployments', () => {
    it('gets the one that is named', () => {
        const target = { name: 'aws', stage: 'prod' } as const;

        expect(requireTarget({ target }, 'logs')).toBe(target);
    });

    it('is refused without one', () => {
        const without = () => requireTarget({ target: undefined }, 'logs');

        expect(without).toThrow(UsageError);
        expect(without).toThrow('cartlake logs is about a deployed pipeline: say which with --target');
    });
});
