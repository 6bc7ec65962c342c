import { TransientError } from '../errors.ts';

/**
 * A delta was computed against a version that is not the published one, or the table is not there as expected.
 * Nothing was changed. It keeps the name `TransientError` on purpose: a retry asks for the current versions
 * again and sends the table whole, while a `ConflictError` would count as success.
 */
export class StaleBaseError extends TransientError {
    readonly table: string;

    constructor(table: string, found: string) {
        super(
            `The change to marts.${table} does not apply: ${found}. ` +
                'Nothing was published; look at what is published and publish again (cartlake build).',
        );
        this.table = table;
    }
}
