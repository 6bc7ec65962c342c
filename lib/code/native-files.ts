import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '#core/errors.ts';
import type { Deployment } from '../deployment/deployment.ts';

interface NativeCode {
    /** Packages of its JavaScript; the same everywhere. */
    readonly portable: readonly string[];
    /** The package of its native files for a machine. */
    readonly nativeFor: (platform: NodeJS.Platform, cpu: 'arm64' | 'x64') => string;
}

const NATIVE_CODE: readonly NativeCode[] = [
    {
        portable: ['@duckdb/node-api', '@duckdb/node-bindings'],
        nativeFor: (platform, cpu) => `@duckdb/node-bindings-${platform}-${cpu}`,
    },
    ...['@napi-rs/blake-hash', '@node-rs/crc32'].map((name) => ({
        portable: [name],
        nativeFor: (platform: NodeJS.Platform, cpu: string) =>
            `${name}-${platform}-${cpu}${platform === 'linux' ? '-gnu' : ''}`,
    })),
];

/** Modules that are not bundled, for esbuild: those of the packages copied here. */
export const NATIVE_MODULES = NATIVE_CODE.flatMap(({ portable }) => portable);

/**
 * Copies DuckDB, BLAKE3 and CRC-32 with the native files of the machine the functions will run on. npm installs those of this
 * machine only; others are fetched once, checked against package-lock.json and kept below node_modules/.cache.
 * Throws UsageError when they cannot be fetched or are not what the lock file says.
 */
export function copyNativeFiles(
    root: string,
    outputFolder: string,
    { target, architecture }: Pick<Deployment, 'target' | 'architecture'>,
): void {
    const platform = target === 'localstack' ? process.platform : 'linux';
    const copy = (name: string, source: string) =>
        cpSync(source, join(outputFolder, 'node_modules', name), { recursive: true });
    for (const { portable, nativeFor } of NATIVE_CODE) {
        for (const name of portable) copy(name, join(root, 'node_modules', name));
        const native = nativeFor(platform, architecture === 'arm64' ? 'arm64' : 'x64');
        const installed = join(root, 'node_modules', native);
        copy(native, existsSync(installed) ? installed : fetched(root, native));
    }
}

function fetched(root: string, name: string): string {
    const { version, integrity } = lockedPackage(root, name);
    const cache = join(root, 'node_modules', '.cache', 'cartlake');
    const kept = join(cache, `${name.replace('/', '-')}-${version}`);
    if (existsSync(kept)) return kept;
    mkdirSync(cache, { recursive: true });
    const scratch = mkdtempSync(join(cache, 'fetch-'));
    try {
        const archive = download(`${name}@${version}`, scratch);
        verify(archive, integrity, name);
        execFileSync('tar', ['-xzf', archive, '-C', scratch]);
        renameSync(join(scratch, 'package'), kept);
        return kept;
    } finally {
        rmSync(scratch, { recursive: true, force: true });
    }
}

function download(specifier: string, folder: string): string {
    try {
        execFileSync('npm', ['pack', specifier, '--pack-destination', folder], { stdio: 'pipe' });
    } catch (error) {
        throw new UsageError(
            `Native code for the functions' architecture is not installed here, and npm could not fetch ${specifier}. ` +
                'Go online once, or deploy for the architecture of this machine: -c architecture=arm64 or x86_64.',
            { cause: error },
        );
    }
    return join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) as string);
}

/** Throws UsageError when a file is not the one the lock file names. */
export function verify(path: string, integrity: string, name: string): void {
    const [algorithm, expected] = [
        integrity.slice(0, integrity.indexOf('-')),
        integrity.slice(integrity.indexOf('-') + 1),
    ];
    const found = createHash(algorithm).update(readFileSync(path)).digest('base64');
    if (found !== expected) {
        throw new UsageError(
            `The fetched package ${name} is not the one in package-lock.json: expected ${algorithm} ${expected}, found ${found}. ` +
                'Check the registry that npm uses.',
        );
    }
}

function lockedPackage(root: string, name: string): { version: string; integrity: string } {
    const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
        packages: Record<string, { version: string; integrity: string } | undefined>;
    };
    const entry = lock.packages[`node_modules/${name}`];
    if (!entry) {
        throw new UsageError(
            `There is no package ${name} in package-lock.json. Choose another machine: -c architecture=arm64 or x86_64.`,
        );
    }
    return entry;
}
