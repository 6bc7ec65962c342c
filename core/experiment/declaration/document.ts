import { z } from 'zod';

const NAME = /^[\w-]{1,64}$/;
const PERCENT = /^\d+(\.\d+)?\s*%$/;

const SHARE = 'a share such as 5% or 0.05';

/** A share as people write it: `0.05`, or `5%`. */
const share = z
    .union([z.number(), z.string().regex(PERCENT, { error: SHARE })], { error: SHARE })
    .transform((value) => (typeof value === 'number' ? value : Number.parseFloat(value) / 100));

const name = z.string().regex(NAME, { error: 'a name of 1 to 64 letters, digits, _ or -' });
const day = z.iso.date({ error: 'a day such as 2024-03-01' });

const names = z.array(name).max(50);

const looks = z.union(
    [z.literal('every_build'), z.strictObject({ at: z.array(z.number().int().positive()).min(1).max(50) })],
    {
        error: 'every_build, or a list of users at which to look, such as {at: [5000, 10000]}',
    },
);

/** The file of one experiment, `experiments/<experiment>.yaml`. Unknown keys are refused: they are misspelled ones. */
export const planDocument = z.strictObject({
    experiment: name,
    hypothesis: z.string().min(20, { error: 'a sentence of at least 20 letters that can turn out wrong' }).max(2000),
    unit: z.literal('user').default('user'),
    arms: z.record(name, share),
    control: name.default('control'),
    start: day,
    end: day,
    exposure: names.min(1).optional(),
    goals: names.min(1),
    guardrails: z.record(name, share).default({}),
    segments: names.optional(),
    covariates: names.optional(),
    minimum_lift: share.optional(),
    size: z.number().int().min(2),
    alpha: share.default(0.05),
    power: share.default(0.8),
    looks: looks.default('every_build'),
    currency: z
        .string()
        .regex(/^[A-Z]{3}$/, { error: 'an ISO 4217 code such as EUR' })
        .optional(),
});

/** What one file declares, with defaults filled in. */
export type PlanDocument = z.output<typeof planDocument>;
