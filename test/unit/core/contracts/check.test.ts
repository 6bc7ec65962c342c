import { describe, expect, it } from 'vitest';
import { checkContracts } from '#core/contracts/check.ts';
import { changed, ORDERS } from './orders.ts';

describe('checkContracts', () => {
    it('reports every file, good or bad, without throwing', () => {
        const report = checkContracts([
            { name: 'orders.odcs.yaml', text: ORDERS },
            { name: 'broken.odcs.yaml', text: 'a: [' },
        ]);
        expect(report.ok).toBe(false);
        expect(report.files).toMatchObject([
            { file: 'orders.odcs.yaml', dataset: 'orders', ok: true, problems: [] },
            { file: 'broken.odcs.yaml', dataset: undefined, ok: false },
        ]);
        expect(report.files[1]!.problems).toHaveLength(1);
    });

    it('reports a conflict at the later of two files', () => {
        const text = changed('name: orders', 'name: refunds');
        const report = checkContracts([
            { name: 'orders.odcs.yaml', text: ORDERS },
            { name: 'refunds.odcs.yaml', text },
        ]);
        expect(report.files.map(({ ok }) => ok)).toEqual([true, false]);
        expect(report.files[1]!.problems[0]).toContain('expected file patterns that no file name matches twice');
    });

    it('is content with no files', () => {
        expect(checkContracts([])).toEqual({ ok: true, files: [] });
    });
});
