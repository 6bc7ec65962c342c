import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { access, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { promisify } from 'node:util';
import { coerceError, PipelineError } from '#core/errors.ts';

const VERSION = '476';
const NAME = `trino-server-${VERSION}`;
const URL_OF_ARCHIVE = `https://repo1.maven.org/maven2/io/trino/trino-server/${VERSION}/${NAME}.tar.gz`;
/** SHA-1 as Maven Central publishes it beside the archive. */
const SHA1 = 'c9b38be4017ebd2f7095455aaac772fb40247ebe';
/** The rest of the 50 plugins would be loaded at each start. */
const PLUGINS = new Set(['hive']);

/**
 * The folder of a Trino server, fetched once (820 MB, 390 MB kept) into `~/.cache/cartlake`, or the folder that
 * CARTLAKE_CACHE names.
 *
 * @throws PipelineError when it cannot be fetched, with where to put it by hand
 */
export async function ensureTrino(tell: (line: string) => void): Promise<string> {
    const cache = process.env.CARTLAKE_CACHE ?? join(homedir(), '.cache', 'cartlake');
    const folder = join(cache, NAME);
    if (await isThere(folder)) return folder;
    await mkdir(cache, { recursive: true });
    const draft = join(cache, `${NAME}.${process.pid}`);
    await mkdir(draft);
    try {
        await unpack(await archive(cache, draft, tell), draft);
        await rename(join(draft, NAME), folder);
    } finally {
        await rm(draft, { recursive: true, force: true });
    }
    return folder;
}

/** One that Maven or a person fetched is as good, when its bytes are. */
async function archive(cache: string, draft: string, tell: (line: string) => void): Promise<string> {
    const repository = join(homedir(), '.m2', 'repository', 'io', 'trino', 'trino-server', VERSION);
    for (const folder of [cache, repository]) {
        const path = join(folder, `${NAME}.tar.gz`);
        if ((await isThere(path)) && (await sha1(path)) === SHA1) return path;
    }
    tell(`Fetching ${URL_OF_ARCHIVE} (820 MB, once) ...`);
    const path = join(draft, 'archive.tar.gz');
    await download(path).catch((thrown: unknown) => {
        throw new PipelineError(
            `Trino could not be fetched (${coerceError(thrown).message}). Put ${NAME}.tar.gz from Maven Central into ${cache} and run this again.`,
            { cause: thrown },
        );
    });
    return path;
}

async function download(path: string): Promise<void> {
    const answer = await fetch(URL_OF_ARCHIVE);
    if (!answer.ok || !answer.body) throw new PipelineError(`${URL_OF_ARCHIVE} answered ${answer.status}`);
    await pipeline(Readable.fromWeb(answer.body as ReadableStream), createWriteStream(path));
    const found = await sha1(path);
    if (found !== SHA1) throw new PipelineError(`its SHA-1 is ${found} instead of ${SHA1}`);
}

/** Plugins share files as hard links, so that all are unpacked before most are removed. */
async function unpack(path: string, folder: string): Promise<void> {
    await promisify(execFile)('tar', ['-xzf', path, '-C', folder]);
    const plugins = join(folder, NAME, 'plugin');
    for (const name of await readdir(plugins)) {
        if (!PLUGINS.has(name)) await rm(join(plugins, name), { recursive: true });
    }
    await rm(join(folder, NAME, 'secrets-plugin'), { recursive: true, force: true });
}

async function sha1(path: string): Promise<string> {
    const hash = createHash('sha1');
    await pipeline(createReadStream(path), hash);
    return hash.digest('hex');
}

function isThere(path: string): Promise<boolean> {
    return access(path).then(
        () => true,
        () => false,
    );
}
