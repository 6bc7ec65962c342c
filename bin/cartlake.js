#!/usr/bin/env node
// Starts the command line on the Node.js that the project ships (npm package `node`), whatever the host has:
// the sources are TypeScript, which Node.js runs by itself from version 24 on.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const major = Number(process.versions.node.split('.')[0]);

if (major >= 24) {
    await import('./cartlake.ts');
} else {
    const shipped = join(root, 'node_modules', 'node', 'bin', 'node');
    if (!existsSync(shipped)) {
        console.error(`Cartlake needs Node.js 24; this is ${process.version} and the project's own is not installed.`);
        console.error(`Run "npm ci" in ${root} (with install scripts allowed), or use Node.js 24.`);
        process.exit(2);
    }
    const child = spawn(shipped, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
    // Ctrl-C reaches the child by itself, which then gives back what it holds: wait for it.
    process.on('SIGINT', () => undefined);
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    child.on('exit', (code) => process.exit(code ?? 1));
}
