import { UsageError } from '../../errors.ts';
import type { IsoDate } from '../../types.ts';

/** The text of a new plan file, with what is usual filled in and every choice explained. */
export function newPlanText(experiment: string, start: IsoDate): string {
    if (!/^[\w-]{1,64}$/.test(experiment)) {
        throw new UsageError(
            `Expected the name of an experiment (1 to 64 letters, digits, _ or -), found "${experiment}". It has to be the name the assignments use.`,
        );
    }
    const end = new Date(Date.parse(start) + 28 * 86_400_000).toISOString().slice(0, 10);
    return `# What is decided before anyone sees a result. From \`start\` on, a change to this file is shown on the page.
# Check it: cartlake experiment check.  How many users it needs: cartlake experiment plan ${experiment}.
experiment: ${experiment}
hypothesis: Replace this by what you expect to change, for whom, and why.
unit: user
# Shares of the traffic. The page is invalid when the arms do not get them.
arms:
  control: 50%
  treatment: 50%
control: control
start: ${start}
end: ${end}
# A user counts from the first of these events on: whatever your events are called that meet the change.
exposure: [view_product, pdp_view]
# The first is the primary goal; all are corrected together (Holm).
goals: [purchased, revenue]
# How much worse, relative to control, is still tolerable. Too little data is no pass.
guardrails:
  bounce_rate: 5%
  retained_day_7: 5%
  session_duration: 5%
# error_rate: 10% belongs here where events tell of errors.
segments: [device_type, country, user_type]
# Goals also read with the 30 days before exposure taken into account.
covariates: [purchased, revenue]
# The smallest relative change worth finding, and the users over all arms that finds it.
minimum_lift: 5%
size: 100000
alpha: 0.05
power: 80%
# every_build (intervals stay right at any number of looks), or looks at fixed sizes: {at: [50000, 100000]}.
looks: every_build
`;
}
