import { describe, expect, it } from 'vitest';
import {
    parseCap,
    parseCovariate,
    parseGuardrail,
    parseMetric,
    parseQuantile,
    parseSplit,
} from '#core/experiment/table/spec.ts';

describe('a metric of a table', () => {
    it('is a column, with its kind where one is given', () => {
        expect(parseMetric('spend')).toEqual({ name: 'spend', numerator: 'spend', denominator: null, kind: null });
        expect(parseMetric('visit:proportion')).toMatchObject({ numerator: 'visit', kind: 'proportion' });
        expect(parseMetric('a:b:mean')).toMatchObject({ numerator: 'a:b', kind: 'mean' });
    });

    it('is a ratio when it names two columns', () => {
        const ratio = { name: 'bounced per sessions', numerator: 'bounced', denominator: 'sessions', kind: 'ratio' };

        expect(parseMetric('bounced/sessions:ratio')).toEqual(ratio);
        expect(parseMetric('bounced / sessions')).toEqual(ratio);
    });

    it.each([
        ['spend:median', /^Expected a metric such as spend.*found "spend:median"/],
        ['', /^Expected a metric/],
        ['a/b/c', /^Expected at most two columns/],
        ['a/', /^Expected at most two columns/],
        ['spend:ratio', /^A ratio needs two columns/],
        ['a/b:mean', /^Two columns make a ratio/],
    ])('refuses "%s"', (text, message) => {
        expect(() => parseMetric(text)).toThrow(message);
    });
});

describe('a planned split', () => {
    it('gives each arm a weight', () => {
        expect([...parseSplit('control=50, b=25%, c=25')]).toEqual([
            ['control', 50],
            ['b', 25],
            ['c', 25],
        ]);
    });

    it.each(['50/50', 'a=1,a=2', 'a=-1', ''])('refuses "%s"', (text) => {
        expect(() => parseSplit(text)).toThrow(/^Expected the planned split/);
    });
});

describe('a guardrail of a table', () => {
    it('is a metric with a margin', () => {
        expect(parseGuardrail('bounced/sessions=5%')).toMatchObject({ metric: { kind: 'ratio' }, margin: 0.05 });
    });

    it.each(['visit', 'visit=5', 'visit=0%', 'visit=100%'])('refuses "%s"', (text) => {
        expect(() => parseGuardrail(text)).toThrow(/^Expected a guardrail such as/);
    });
});

describe('a covariate of a table', () => {
    it('is a column for all goals, or for one', () => {
        expect(parseCovariate('history')).toMatchObject({ metric: null, covariate: { numerator: 'history' } });
        expect(parseCovariate('spend = history')).toMatchObject({
            metric: 'spend',
            covariate: { numerator: 'history' },
        });
        expect(parseCovariate('a/b=c/d')).toMatchObject({ metric: 'a per b', covariate: { denominator: 'd' } });
    });

    it('has no kind', () => {
        expect(() => parseCovariate('spend=history:mean')).toThrow(/^Expected a covariate such as history/);
    });
});

describe('a cap of a table', () => {
    it('is a quantile, 99.9% unless said, of all values or of those that are not zero', () => {
        expect(parseCap('spend')).toEqual({ metric: 'spend', quantile: 0.999, ignoreZeros: false });
        expect(parseCap('spend=99%,nonzero')).toEqual({ metric: 'spend', quantile: 0.99, ignoreZeros: true });
        expect(parseCap('a/b=95%').metric).toBe('a per b');
    });

    it.each(['spend=99', 'spend=100%', 'spend=10%', 'spend=99%,all'])('refuses "%s"', (text) => {
        expect(() => parseCap(text)).toThrow(/^Expected a cap such as spend=99%/);
    });
});

describe('a quantile of a table', () => {
    it('is three of a column, or the one that is named', () => {
        expect(parseQuantile('ms')).toEqual({ column: 'ms', probabilities: [0.5, 0.9, 0.99] });
        expect(parseQuantile('ms=95%')).toEqual({ column: 'ms', probabilities: [0.95] });
    });

    it.each(['', 'ms=95', 'ms=100%', '=95%'])('refuses "%s"', (text) => {
        expect(() => parseQuantile(text)).toThrow(/^Expected a quantile such as load_ms/);
    });
});
