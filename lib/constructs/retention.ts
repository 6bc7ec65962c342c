import type { Duration } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { UsageError } from '#core/errors.ts';

/** CloudWatch keeps logs for certain numbers of days only. Throws UsageError for a duration that is not one of them. */
export function retentionOf(duration: Duration): RetentionDays {
    const days = duration.toDays();
    if (RetentionDays[days] === undefined) {
        throw new UsageError(
            `CloudWatch Logs cannot keep logs for ${days} days. Choose 1, 3, 5, 7, 14, 30, 60, 90 or 365 (lib/deployment/sizes.ts).`,
        );
    }
    return days as RetentionDays;
}
