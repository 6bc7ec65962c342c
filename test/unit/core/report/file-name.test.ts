import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeFileName } from '#core/report/file-name.ts';

describe('a file name for a name that comes from data', () => {
    it('is the name where it is plain', () => {
        expect(safeFileName('checkout_2026-Q1')).toBe('checkout_2026-Q1');
    });

    it('is readable and unmistakable where letters had to go', () => {
        expect(safeFileName('Kasse: neu & schön')).toMatch(/^Kasse-neu-sch-n-[0-9a-f]{8}$/);
        expect(safeFileName('a/b')).not.toBe(safeFileName('a?b'));
        expect(safeFileName('a/b')).not.toBe(safeFileName('a-b'));
    });

    it.each(['', '.', '..', '../../etc/passwd', '/', 'a\0b', 'CON:', '-'])('is harmless for %j', (name) => {
        expect(safeFileName(name)).toMatch(/^[A-Za-z0-9_-]+$/);
    });

    it('is short for a long name, and still tells long names apart', () => {
        const long = 'x'.repeat(81);

        expect(safeFileName(long).length).toBeLessThanOrEqual(90);
        expect(safeFileName(long)).not.toBe(safeFileName(`${long}x`));
    });

    it('is never the same for two names', () => {
        fc.assert(
            fc.property(fc.string(), fc.string(), (one, other) => {
                expect(safeFileName(one)).toMatch(/^[A-Za-z0-9_-]{1,90}$/);
                if (one !== other) expect(safeFileName(one)).not.toBe(safeFileName(other));
            }),
        );
    });
});
