import { describe, expect, it } from 'vitest';
import { analyseExperiment } from '#core/experiment/analyse.ts';
import { renderExperimentJson } from '#core/report/experiment/json.ts';
import { theShop } from '../../experiment/rows-builder.ts';

const META = {
    generatedAt: '2024-01-02T06:00:00.000Z',
    dataThrough: null,
    run: null,
    hash: '0123456789abcdef',
    links: [],
};
const analysis = analyseExperiment({ experimentId: 'pdp', ...theShop() });

describe('the report as JSON', () => {
    it('holds the whole analysis', () => {
        const { meta, ...read } = JSON.parse(renderExperimentJson(analysis, META));

        expect(read).toEqual(analysis);
        expect(meta).toEqual(META);
    });

    it('sorts keys at every level', () => {
        const shuffled = Object.fromEntries(Object.entries(analysis).reverse()) as unknown as typeof analysis;

        expect(renderExperimentJson(shuffled, META)).toBe(renderExperimentJson(analysis, META));
    });

    it('refuses a number that is none and says where', () => {
        const broken = { ...analysis, exposure: { ...analysis.exposure, units: Number.NaN } };

        expect(() => renderExperimentJson(broken, META)).toThrow(
            'expected a finite number at analysis.exposure.units, found NaN; give it a status instead',
        );
    });
});
