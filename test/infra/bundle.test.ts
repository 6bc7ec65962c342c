import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { UsageError } from '#core/errors.ts';
import { STAGE_NAMES } from '#lambdas/_aws/permissions.ts';
import { bundle } from '#lib/code/bundle.ts';
import { copyNativeFiles, verify } from '#lib/code/native-files.ts';
import { STAGES_WITHOUT_DUCKDB } from '#lib/constructs/stage-load.ts';
import { ROOT } from './root.ts';

const folder = mkdtempSync(join(tmpdir(), 'cartlake-bundle-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

describe('the bundle of stages', () => {
    beforeAll(() => bundle(STAGES_WITHOUT_DUCKDB, folder));

    it('has a module for each stage and the files of the project beside them', () => {
        for (const stage of STAGES_WITHOUT_DUCKDB) expect(existsSync(join(folder, `${stage}.mjs`))).toBe(true);
        expect(readdirSync(join(folder, 'contracts'))).toContain('events.odcs.yaml');
        expect(existsSync(join(folder, 'models/shop/fct_events.sql'))).toBe(true);
        expect(existsSync(join(folder, 'experiments'))).toBe(true);
    });

    it('leaves out tests and TypeScript', () => {
        const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });

        expect(files.filter((name) => /\.(ts|test\.json|md)$/.test(name))).toEqual([]);
    });

    it('never loads native code where a stage does not need it', () => {
        const entry = readFileSync(join(folder, 'admit.mjs'), 'utf8');

        expect(entry).not.toMatch(/@duckdb|@napi-rs|@node-rs/);
    });

    it('declares nothing twice, whatever the packages in it declare', () => {
        const all = mkdtempSync(join(tmpdir(), 'cartlake-bundle-all-'));
        bundle(STAGE_NAMES, all);
        const modules = readdirSync(all, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.mjs'));
        for (const name of modules) transformSync(readFileSync(join(all, name), 'utf8'), { format: 'esm' });
        rmSync(all, { recursive: true });

        expect(modules.length).toBeGreaterThan(STAGE_NAMES.length);
    });

    it('starts: what is missing is its environment, not a module', async () => {
        const start = import(join(folder, 'admit.mjs'));

        await expect(start).rejects.toThrow('CARTLAKE_LANDING_BUCKET is not set');
    });
});

describe('native files', () => {
    const host = { target: 'localstack', architecture: process.arch === 'arm64' ? 'arm64' : 'x86_64' } as const;

    it('are those of this machine for LocalStack', () => {
        copyNativeFiles(ROOT, folder, host);

        expect(readdirSync(join(folder, 'node_modules/@duckdb')).toSorted()).toEqual([
            'node-api',
            'node-bindings',
            expect.stringMatching(`^node-bindings-${process.platform}-${process.arch}`),
        ]);
        for (const [scope, name] of [
            ['@napi-rs', 'blake-hash'],
            ['@node-rs', 'crc32'],
        ] as const) {
            expect(readdirSync(join(folder, 'node_modules', scope)).toSorted()).toEqual([
                name,
                expect.stringMatching(`^${name}-${process.platform}-${process.arch}`),
            ]);
        }
    });

    it('are refused when they are not what the lock file says', () => {
        const path = join(folder, 'package.tgz');
        writeFileSync(path, 'something else');

        expect(() => verify(path, 'sha512-AAAA', '@duckdb/x')).toThrow(UsageError);
        expect(() => verify(path, 'sha512-AAAA', '@duckdb/x')).toThrow('expected sha512 AAAA, found');
    });

    it('cannot be had for a machine the lock file does not know', () => {
        const fetch = () => copyForArm(projectWith({}));

        expect(fetch).toThrow(/is no package @duckdb\/node-bindings-linux-arm64 in package-lock\.json/);
    });

    it('cannot be had for another machine while the registry is away, which is said with the way out', () => {
        const locked = { version: '1.5.5-r.5', integrity: 'sha512-AAAA' };
        const project = projectWith({ 'node_modules/@duckdb/node-bindings-linux-arm64': locked });
        vi.stubEnv('npm_config_registry', 'http://127.0.0.1:9');
        vi.stubEnv('npm_config_fetch_retries', '0');
        vi.stubEnv('npm_config_cache', join(project, 'cache'));

        expect(() => copyForArm(project)).toThrow(
            /npm could not fetch @duckdb\/node-bindings-linux-arm64@1\.5\.5-r\.5.*-c architecture=/,
        );
        expect(readdirSync(join(project, 'node_modules/.cache/cartlake'))).toEqual([]);
    });
});

/** A project with DuckDB's JavaScript, without native files, and with these packages in its lock file. */
function projectWith(packages: object): string {
    const project = mkdtempSync(join(folder, 'project-'));
    for (const name of ['node-api', 'node-bindings']) {
        mkdirSync(join(project, 'node_modules/@duckdb', name), { recursive: true });
    }
    writeFileSync(join(project, 'package-lock.json'), JSON.stringify({ packages }));
    return project;
}

function copyForArm(project: string): void {
    copyNativeFiles(project, join(project, 'out'), { target: 'aws', architecture: 'arm64' });
}
