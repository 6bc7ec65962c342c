import { describe, expect, it } from 'vitest';
import { drawAxis, drawIntervalBar, type IntervalBar, scaleOf, ticksOf } from '#core/report/experiment/interval-bar.ts';

const BAR: IntervalBar = {
    description: 'a < b',
    estimate: 0.1,
    inner: { low: -0.2, high: 0.4 },
    wings: { low: -0.9, high: 3 },
    margin: null,
    reference: null,
    shrunken: null,
};
const SCALE = { min: -0.5, max: 0.5 };

function xOf(markup: string, name: string): string[] {
    const line = markup.match(new RegExp(`<line class="${name}" x1="([^"]+)" x2="([^"]+)"`));
    return line === null ? [] : [line[1]!, line[2]!];
}

describe('an interval bar', () => {
    it('places values in percent of its width', () => {
        const { markup } = drawIntervalBar(BAR, SCALE);

        expect(xOf(markup, 'inner')).toEqual(['30.00%', '90.00%']);
        expect(xOf(markup, 'zero')).toEqual(['50.00%', '50.00%']);
        expect(markup).toContain('<circle class="dot" cx="60.00%"');
    });

    it('cuts wings at the edge and says with arrows that they go on', () => {
        const { markup } = drawIntervalBar(BAR, SCALE);

        expect(xOf(markup, 'wings')).toEqual(['0.00%', '100.00%']);
        expect(markup.match(/class="wings arrow"/g)).toHaveLength(2);
        expect(markup).not.toContain('class="inner arrow"');
    });

    it('does not draw what is missing, and shows by an arrow where something lies outside', () => {
        const { markup } = drawIntervalBar({ ...BAR, estimate: 2, inner: null, wings: { low: 1, high: 2 } }, SCALE);

        expect(markup).not.toMatch(/class="(?:dot|inner)|<line class="wings/);
        expect(markup).toContain('<svg x="100%" y="15" overflow="visible"><path class="wings arrow"');
    });

    it('draws the margin where one is given', () => {
        expect(xOf(drawIntervalBar({ ...BAR, margin: -0.05 }, SCALE).markup, 'margin')).toEqual(['45.00%', '45.00%']);
    });

    it('is described for readers who do not see it', () => {
        expect(drawIntervalBar(BAR, SCALE).markup).toContain('aria-label="a &lt; b"');
    });
});

describe('the scale of a chart', () => {
    it('holds zero and every inner interval, and not the wings', () => {
        const { min, max } = scaleOf([{ ...BAR, inner: { low: 0.1, high: 0.2 } }], { min: -1, max: 2 });

        expect(min).toBeLessThan(0);
        expect(max).toBeGreaterThan(0.2);
        expect(max).toBeLessThan(0.3);
    });

    it('does not grow beyond its bounds by more than its padding', () => {
        const { max } = scaleOf([{ ...BAR, inner: { low: -0.1, high: 50 } }], { min: -1, max: 1 });

        expect(max).toBeLessThan(1.2);
    });

    it('exists when there is nothing to show', () => {
        expect(scaleOf([], { min: -1, max: 1 })).toEqual({ min: -1, max: 1 });
    });

    it.each([
        [{ min: -0.5, max: 1.3 }, [-0.5, 0, 0.5, 1]],
        [{ min: -0.021, max: 0.034 }, [-0.02, 0, 0.02]],
        [{ min: -3, max: 0.2 }, [-3, -2, -1, 0]],
    ])('of %o has round ticks', (scale, expected) => {
        const ticks = ticksOf(scale);

        expect(ticks).toHaveLength(expected.length);
        for (const [index, tick] of ticks.entries()) expect(tick).toBeCloseTo(expected[index]!, 10);
    });

    it('labels its ticks in place', () => {
        expect(drawAxis({ min: -1, max: 1 }, (tick) => `<${tick}>`).markup).toContain('left:50.00%">&lt;0&gt;</span>');
    });
});
