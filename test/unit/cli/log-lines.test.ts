import { describe, expect, it } from 'vitest';
import { logLine } from '#cli/log-lines.ts';

const said = (text: string) => logLine({ at: '2026-01-02T03:04:05.678Z', text });

describe('a line of a function', () => {
    it('is its level and its message', () => {
        const line = said('{"level":"ERROR","message":"admission failed: no","stack":"at a","timestamp":"later"}');

        expect(line).toEqual({
            at: '2026-01-02T03:04:05.678Z',
            level: 'ERROR',
            message: 'admission failed: no',
            shown: '2026-01-02 03:04:05  ERROR  admission failed: no',
        });
    });

    it.each(['plain words', '{"no":"message"}', '{broken'])(
        'that is not of the pipeline stands as it is: %s',
        (text) => {
            expect(said(text)).toMatchObject({ level: 'INFO', message: text });
        },
    );

    it.each(['', 'START RequestId: 1', 'END RequestId: 1', 'REPORT RequestId: 1', '{"_aws":{},"Failed":1}'])(
        'that says nothing to people is left out: %s',
        (text) => {
            expect(said(text)).toBeUndefined();
        },
    );

    it('tells what a stage answered', () => {
        const line = said('{"level":"INFO","message":"fail done","output":{"reason":"no bucket"}}');

        expect(line?.message).toBe('fail done {"reason":"no bucket"}');
    });

    it('cannot command the terminal', () => {
        expect(said('\u001b[2Jgone')?.shown).not.toContain('\u001b[2J');
    });
});
