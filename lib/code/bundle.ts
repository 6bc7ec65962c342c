import { cpSync } from 'node:fs';
import { extname, join } from 'node:path';
import { AssetHashType, BundlingFileAccess, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';
import type { StageName } from '#lambdas/_aws/permissions.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { copyNativeFiles, NATIVE_MODULES } from './native-files.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/**
 * The code of several stages as one asset: `<stage>.mjs` each, what they share in chunks, contracts, models
 * and experiments beside them. One asset, because DuckDB's native files are 70 MB and would be zipped and uploaded once a function.
 */
export function stageCode(stages: readonly StageName[], nativeFor?: Pick<Deployment, 'target' | 'architecture'>): Code {
    return Code.fromAsset(join(ROOT, 'lambdas'), {
        assetHashType: AssetHashType.OUTPUT,
        bundling: {
            // Required by the type; tryBundle below never leaves anything to it.
            image: DockerImage.fromRegistry('scratch'),
            bundlingFileAccess: BundlingFileAccess.BIND_MOUNT,
            local: {
                tryBundle(outputFolder) {
                    bundle(stages, outputFolder);
                    if (nativeFor) copyNativeFiles(ROOT, outputFolder, nativeFor);
                    return true;
                },
            },
            // The cache of assets compares options, but not functions.
            environment: { stages: stages.join(), native: JSON.stringify(nativeFor ?? null) },
        },
    });
}

/** The function's handler setting for a stage in such an asset. */
export function handlerOfStage(stage: StageName): string {
    return `${stage}.handler`;
}

/** Writes the JavaScript and the project's files. */
export function bundle(stages: readonly StageName[], outputFolder: string): void {
    buildSync({
        absWorkingDir: ROOT,
        entryPoints: Object.fromEntries(stages.map((stage) => [stage, join('lambdas', stage, 'index.ts')])),
        outdir: outputFolder,
        outExtension: { '.js': '.mjs' },
        chunkNames: 'chunks/[name]-[hash]',
        bundle: true,
        splitting: true,
        format: 'esm',
        platform: 'node',
        target: 'node24',
        external: [...NATIVE_MODULES, 'pg-native'],
        // CommonJS packages in the bundle call require() for Node's own modules. Packages import createRequire as well.
        banner: {
            js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
        },
        // Not minified: error names and stack traces are what people read first.
        keepNames: true,
        legalComments: 'none',
        logLevel: 'warning',
    });
    for (const folder of ['contracts', 'models', 'experiments']) {
        cpSync(join(ROOT, folder), join(outputFolder, folder), { recursive: true, filter: isProjectFile });
    }
}

/** Folders, and what the functions read when they start; TypeScript models are in the bundle. */
function isProjectFile(path: string): boolean {
    return ['', '.sql', '.yaml'].includes(extname(path));
}
