#!/usr/bin/env node
// Starts the command line on the Node.js that the project ships (npm package `node`), whatever the host has:
// the sources are TypeScript, which Node.js runs by itself from version 24 on.
import { existsSync } from 'node:fs';
import module from 'node:module';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const script = fileURLToPath(import.meta.url);
const major = Number(process.versions.node.split('.')[0]);

// All have to be known before the process starts, and make it a quarter smaller. The heap of JavaScript stays near what
// is in use, because it is small where objects are made and may not become large at all (rows are DuckDB's); the C
// library keeps memory that was given back in three places instead of one for each thread; and there is a thread for each
// statement that DuckDB works on at once, but no more: each keeps memory of its own.
const flags = ['--max-semi-space-size=4', '--max-old-space-size=800'];
const threads = String(Math.min(cpus().length, 4) + 1);
const env = { MALLOC_ARENA_MAX: '3', UV_THREADPOOL_SIZE: threads, ...process.env };
const isSettled = process.env.MALLOC_ARENA_MAX !== undefined;

if (major >= 24) {
    if (process.platform === 'linux' && !isSettled && process.execve) {
        // This process goes on as the one it starts, and runs these lines again.
        process.execve(process.execPath, [process.execPath, ...flags, script, ...process.argv.slice(2)], env);
    }
    // Makes the second start four times as fast: sources are stripped of their types and compiled once. It stands here
    // and not in a source of its own: the first source that is stripped costs what loading the stripper costs.
    module.enableCompileCache();
    const { main } = await import('../cli/main.ts');
    await main(process.argv.slice(2));
} else {
    const shipped = join(root, 'node_modules', 'node', 'bin', 'node');
    if (!existsSync(shipped)) {
        console.error(`Cartlake needs Node.js 24; this is ${process.version} and the project's own is not installed.`);
        console.error(`Run "npm ci" in ${root} (with install scripts allowed), or use Node.js 24.`);
        process.exit(2);
    }
    const { spawn } = await import('node:child_process');
    const child = spawn(shipped, [...flags, script, ...process.argv.slice(2)], { stdio: 'inherit', env });
    // Ctrl-C reaches the child by itself, which then gives back what it holds: wait for it.
    process.on('SIGINT', () => undefined);
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    child.on('exit', (code) => process.exit(code ?? 1));
}
