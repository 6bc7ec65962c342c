import type { Contrast } from './contrast.ts';
import { type GuardrailOptions, slackOf } from './guardrail.ts';
import { normalUpperQuantile } from './numerics/normal.ts';
import { multiplier } from './power.ts';
import { type Computed, computed, isLevel } from './result.ts';

export type GuardrailSizeResult =
    | Computed<{
          /** Units of both arms needed in all. */
          readonly units: number;
          /** Of these, still missing; 0 when there are enough. */
          readonly missing: number;
      }>
    | { readonly status: 'zero_baseline' | 'zero_variance' | 'invalid_input' };

/**
 * How many units (both arms, at the present split) a guardrail needs to be shown non-inferior with the given power
 * when the treatment in truth changes nothing. Judged by the variances seen so far, not by the effect seen so far.
 */
export function guardrailSize(
    contrast: Contrast,
    units: number,
    options: GuardrailOptions & { readonly power: number },
): GuardrailSizeResult {
    const { margin, alpha, power } = options;
    if (!(margin > 0 && units > 0 && alpha > 0 && alpha < 0.5 && isLevel(power))) return { status: 'invalid_input' };
    if (contrast.baseline === 0) return { status: 'zero_baseline' };
    const { variance } = slackOf(contrast, options);
    if (!(variance > 0)) return { status: 'zero_variance' };
    const z = multiplier({ critical: normalUpperQuantile(alpha), power });
    const needed = Math.ceil((units * z * z * variance) / (margin * contrast.baseline) ** 2);
    return computed({ units: needed, missing: Math.max(0, needed - units) });
}
