/** The result narrowed to its `ok` case, or a test failure that names the status. */
export function ok<R extends { readonly status: string }>(result: R): Extract<R, { readonly status: 'ok' }> {
    if (result.status !== 'ok') throw new Error(`expected status ok, found ${result.status}`);
    return result as Extract<R, { readonly status: 'ok' }>;
}
