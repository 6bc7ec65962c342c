import { PipelineError } from '#core/errors.ts';

/** What a statement gave: columns with Trino's types, and rows as JSON values. */
export interface TrinoResult {
    readonly columns: readonly { readonly name: string; readonly type: string }[];
    readonly rows: readonly (readonly unknown[])[];
}

interface Page {
    readonly nextUri?: string;
    readonly columns?: TrinoResult['columns'];
    readonly data?: unknown[][];
    readonly error?: { readonly message: string; readonly errorName: string };
}

export interface TrinoClient {
    /** Runs a statement to its end. Throws TrinoError with Trino's own words. */
    run(sql: string): Promise<TrinoResult>;
}

/** A statement that Trino refused or could not compute. */
export class TrinoError extends PipelineError {
    override name = 'TrinoError';
    /** Trino's name of the error, such as `SYNTAX_ERROR`. */
    readonly code: string;

    constructor(code: string, message: string) {
        super(`${code}: ${message}`);
        this.code = code;
    }
}

const HEADERS = { 'X-Trino-User': 'conformance', 'X-Trino-Catalog': 'hive', 'X-Trino-Schema': 'work' };

/** Trino over HTTP on this machine. */
export function createTrinoClient(port: number): TrinoClient {
    const ask = async (url: string, init?: RequestInit): Promise<Page> => {
        const answer = await fetch(url, init);
        if (!answer.ok) throw new PipelineError(`Trino answered ${answer.status}: ${await answer.text()}`);
        return (await answer.json()) as Page;
    };
    return {
        async run(sql) {
            const rows: unknown[][] = [];
            let columns: TrinoResult['columns'] = [];
            let page = await ask(`http://127.0.0.1:${port}/v1/statement`, {
                method: 'POST',
                headers: HEADERS,
                body: sql,
            });
            for (;;) {
                if (page.error) throw new TrinoError(page.error.errorName, page.error.message);
                columns = page.columns ?? columns;
                rows.push(...(page.data ?? []));
                if (page.nextUri === undefined) return { columns, rows };
                page = await ask(page.nextUri);
            }
        },
    };
}
