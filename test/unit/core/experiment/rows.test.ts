import { describe, expect, it } from 'vitest';
import { readExposureRows, readMomentsRows } from '#core/experiment/rows.ts';

const moments = {
    experiment_id: 'pdp',
    exposed_on: '2023-05-01',
    variant: 'control',
    dimension: 'all',
    segment: 'all',
    metric: 'purchased',
    count_units: 448n,
    mean_numerator: '0.0424',
    m2_numerator: 18.2,
    mean_denominator: null,
    m2_denominator: null,
    comoment: null,
};
const exposure = {
    experiment_id: 'pdp',
    exposed_on: '2023-05-01',
    variant: 'control',
    dimension: 'country',
    segment: null,
    count_units: 10n,
    count_exposed_before_assignment: 2n,
    count_window_cut: 1n,
    count_several_variants: 3n,
};

describe('reading moments rows', () => {
    it('reads counts that come as bigint and decimals that come as text', () => {
        const [row] = readMomentsRows([moments]);

        expect(row).toMatchObject({ units: 448, meanNumerator: 0.0424, m2Numerator: 18.2, meanDenominator: null });
    });

    it('refuses a missing number with row and column', () => {
        expect(() => readMomentsRows([moments, { ...moments, count_units: null }])).toThrow(
            'experiment_moments row 2: expected a number in count_units, found nothing; rebuild the mart and look at its checks',
        );
    });

    it.each(['', 'NaN', 'many'])('refuses %j where a number belongs', (value) => {
        expect(() => readMomentsRows([{ ...moments, m2_numerator: value }])).toThrow(
            `expected a finite number in m2_numerator, found string ${JSON.stringify(value)}`,
        );
    });

    it('refuses a variant that is no text', () => {
        expect(() => readMomentsRows([{ ...moments, variant: 3 }])).toThrow(
            'expected text in variant, found number "3"',
        );
    });
});

describe('reading exposure rows', () => {
    it('calls a segment without a name unknown', () => {
        expect(readExposureRows([exposure])[0]).toMatchObject({ dimension: 'country', segment: 'unknown' });
    });

    it('leaves users of several variants out of the units', () => {
        expect(readExposureRows([exposure])[0]).toMatchObject({ units: 7, severalVariants: 3, windowCut: 1 });
    });

    it('refuses a count that is missing', () => {
        expect(() => readExposureRows([{ ...exposure, count_window_cut: undefined }])).toThrow(
            'experiment_exposure_counts row 1: expected a number in count_window_cut, found nothing',
        );
    });
});
