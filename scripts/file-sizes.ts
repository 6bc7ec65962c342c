import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** Longer files are two files; tests may be long. */
const MOST_LINES = 300;

const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' });
const sources = listed
    .split('\n')
    .filter((file) => /\.(ts|js|mjs|cjs|sql|py)$/.test(file) && !file.startsWith('test/') && existsSync(file));
const sizes = sources.map((file) => ({ file, lines: readFileSync(file, 'utf8').trimEnd().split('\n').length }));
const long = sizes.filter(({ lines }) => lines > MOST_LINES);
const median = sizes.map(({ lines }) => lines).sort((a, b) => a - b)[Math.floor(sizes.length / 2)];

console.log(
    `${sizes.length} source files, median ${median} lines, longest ${Math.max(...sizes.map(({ lines }) => lines))}`,
);
for (const { file, lines } of long)
    console.error(`${file} has ${lines} lines; at most ${MOST_LINES}: split it by concept`);
process.exitCode = long.length > 0 ? 1 : 0;
