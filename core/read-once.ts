/** How zod reads contracts and headers: each once, a few dozen in all. Compiling code for that costs more than it wins. */
export const READ_ONCE = { jitless: true } as const;
