import type { IsoInstant } from '../types.ts';

/** Blobs by age. */
export interface OldFiles {
    /** When a blob was written; undefined where there is none. */
    writtenAt(key: string): Promise<IsoInstant | undefined>;
    /**
     * Removes a blob unless it was written at `before` or later, also when somebody writes it again meanwhile. Returns
     * whether it is gone through this call.
     */
    removeOlder(key: string, before: IsoInstant): Promise<boolean>;
}
