type Close = () => Promise<void>;

const closers = new Set<Close>();
/** A database that does not stop in this time is left to itself. */
const PATIENCE_MS = 10_000;
let isStopping = false;

/** Registers what has to be closed when the process is told to stop. Returns how to take it back. */
export function onStop(close: Close): () => void {
    closers.add(close);
    return () => closers.delete(close);
}

/**
 * Ctrl-C and a reader that goes away (`cartlake sql ... | head`) end the process after it has given back what it
 * holds. Work under way stays in the ledger and is taken up by the next ingest or build.
 */
export function handleStops(): void {
    for (const [signal, code] of [['SIGINT', 130] as const, ['SIGTERM', 143] as const]) {
        process.on(signal, () => {
            if (isStopping) process.exit(code);
            process.stderr.write('\nStopping. What was under way is taken up by the next cartlake ingest or build.\n');
            void stop(code);
        });
    }
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EPIPE') throw error;
        if (!isStopping) void stop(0);
    });
    process.stderr.on('error', () => undefined);
}

async function stop(code: number): Promise<void> {
    isStopping = true;
    const late = new Promise((wake) => setTimeout(wake, PATIENCE_MS));
    await Promise.race([Promise.allSettled([...closers].map((close) => close())), late]);
    process.exit(code);
}
