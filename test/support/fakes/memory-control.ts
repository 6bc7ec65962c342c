import { ConflictError } from '#core/errors.ts';
import type { ControlStore } from '#core/store/ports.ts';

/** A control store in memory whose operations a test can follow and break. */
export interface MemoryControl extends ControlStore {
    /** Called before each write and removal; what it throws is thrown instead of writing. */
    beforeWrite: (key: string, operation: 'create' | 'replace' | 'remove') => void | Promise<void>;
    /** Called after each write, with what now stands there. */
    afterWrite: (key: string, value: unknown) => void;
    /** Every write so far, as `operation key`. */
    readonly writes: string[];
}

export function createMemoryControl(): MemoryControl {
    const documents = new Map<string, { text: string; etag: string }>();
    let count = 0;
    const store = (key: string, value: unknown): string => {
        const etag = String(++count);
        documents.set(key, { text: JSON.stringify(value), etag });
        control.afterWrite(key, value);
        return etag;
    };
    const control: MemoryControl = {
        beforeWrite: () => undefined,
        afterWrite: () => undefined,
        writes: [],
        async read<T>(key: string) {
            await undefined;
            const found = documents.get(key);
            return found && { value: JSON.parse(found.text) as T, etag: found.etag };
        },
        async create(key, value) {
            await control.beforeWrite(key, 'create');
            if (documents.has(key)) throw new ConflictError(`${key} exists already.`);
            control.writes.push(`create ${key}`);
            return store(key, value);
        },
        async replace(key, value, etag) {
            await control.beforeWrite(key, 'replace');
            if (documents.get(key)?.etag !== etag) throw new ConflictError(`${key} was changed by somebody else.`);
            control.writes.push(`replace ${key}`);
            return store(key, value);
        },
        async remove(key) {
            await control.beforeWrite(key, 'remove');
            control.writes.push(`remove ${key}`);
            documents.delete(key);
        },
        async list(prefix) {
            return [...documents.keys()].filter((key) => key.startsWith(`${prefix}/`)).sort();
        },
    };
    return control;
}
