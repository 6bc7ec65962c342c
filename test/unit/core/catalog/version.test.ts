import { describe, expect, it } from 'vitest';
import { aPart, aVersion } from '#test/support/builders.ts';

describe('a sealed version', () => {
    it('has totals, and parts in order', () => {
        const version = aVersion({
            parts: {
                '2026-01-02': aPart('b', { rows: 2, bytes: 20 }),
                '2026-01-01': aPart('a', { rows: 1, bytes: 10 }),
            },
        });

        expect(version).toMatchObject({ rows: 3, bytes: 30 });
        expect(Object.keys(version.parts)).toEqual(['2026-01-01', '2026-01-02']);
    });

    it('has the same names whatever the order of its parts', () => {
        const [a, b] = [aPart('a'), aPart('b')];
        const one = aVersion({ parts: { '2026-01-01': a, '2026-01-02': b } });
        const other = aVersion({ parts: { '2026-01-02': b, '2026-01-01': a } });

        expect([other.id, other.content]).toEqual([one.id, one.content]);
    });

    it('has another id, not another content, when only what it was computed from differs', () => {
        const one = aVersion({ parts: { all: aPart('a', { inputs: '1' }) } });
        const other = aVersion({ parts: { all: aPart('a', { inputs: '2' }) } });

        expect(other.content).toBe(one.content);
        expect(other.id).not.toBe(one.id);
    });

    it('has another content when rows, their date or columns differ', () => {
        const contents = [
            aVersion({ parts: { '2026-01-01': aPart('a') } }),
            aVersion({ parts: { '2026-01-01': aPart('b') } }),
            aVersion({ parts: { '2026-01-02': aPart('a') } }),
            aVersion({ parts: { '2026-01-01': aPart('a') }, columns: [{ name: 'id', type: 'double' }] }),
            aVersion({ parts: {} }),
        ].map(({ content }) => content);

        expect(new Set(contents).size).toBe(contents.length);
    });

    it('has the same content with and without an empty part', () => {
        const empty = aPart('empty', { rows: 0, file: undefined });

        expect(aVersion({ parts: { '2026-01-01': aPart('a'), '2026-01-02': empty } }).content).toBe(
            aVersion({ parts: { '2026-01-01': aPart('a') } }).content,
        );
    });
});
