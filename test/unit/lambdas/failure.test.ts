import { describe, expect, it } from 'vitest';
import { causeMessage, stepFailure } from '#lambdas/_chain/failure.ts';

describe('the sentence of a failure', () => {
    it.each([
        [
            { Error: 'ContractError', Cause: '{"errorType":"ContractError","errorMessage":"no such column"}' },
            'no such column',
        ],
        [{ Error: 'States.Timeout', Cause: '' }, 'States.Timeout'],
        [{ Error: 'States.Runtime', Cause: 'The path was not found' }, 'The path was not found'],
        [{ Error: 'X', Cause: '{"other": 1}' }, '{"other": 1}'],
        [{ Error: 'X', Cause: 'null' }, 'null'],
        [{ Error: 'X', Cause: '"text"' }, '"text"'],
    ])('of %j is %j', (failure, sentence) => {
        expect(causeMessage(failure)).toBe(sentence);
    });

    it('may lack a cause', () => {
        expect(causeMessage(stepFailure.parse({ Error: 'States.Timeout' }))).toBe('States.Timeout');
    });
});
