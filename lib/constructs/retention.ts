import type { Duration } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';

/** CloudWatch keeps logs for certain numbers of days only. Throws for a duration that is not one of them. */
export function retentionOf(duration: Duration): RetentionDays {
    const days = duration.toDays();
    if (RetentionDays[days] === undefined) {
        throw new Error(`CloudWatch Logs cannot keep logs for ${days} days; choose 1, 3, 5, 7, 14, 30, 60, 90 or 365.`);
    }
    return days as RetentionDays;
}
