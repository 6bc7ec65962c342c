import { execFile } from 'node:child_process';
import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { UsageError } from '#core/errors.ts';

const LEAST_MAJOR = 24;
/** Where distributions and tools put their JDKs. */
const FOLDERS = ['/usr/lib/jvm', '/Library/Java/JavaVirtualMachines', `${process.env.HOME}/.sdkman/candidates/java`];

/**
 * A Java that Trino runs on: JAVA_HOME, `java` on the PATH, or the newest of the usual folders.
 *
 * @throws UsageError that says what was found
 */
export async function findJava(): Promise<string> {
    const found: { path: string; major: number }[] = [];
    for (const path of await candidates()) {
        const major = await majorOf(path);
        if (major !== undefined) found.push({ path, major });
    }
    const [best] = found.filter(({ major }) => major >= LEAST_MAJOR).sort((a, b) => b.major - a.major);
    if (best) return best.path;
    const seen = found.map(({ path, major }) => `${major} (${path})`).join(', ') || 'none';
    throw new UsageError(
        `Trino needs Java ${LEAST_MAJOR} or newer; found ${seen}. Install a JDK 25 (Temurin, for example) and set JAVA_HOME to its folder.`,
    );
}

async function candidates(): Promise<string[]> {
    const homes: string[] = process.env.JAVA_HOME ? [process.env.JAVA_HOME] : [];
    for (const folder of FOLDERS) {
        const names = await readdir(folder).catch(() => []);
        for (const name of names) homes.push(join(folder, name), join(folder, name, 'Contents', 'Home'));
    }
    const paths = homes.map((home) => join(home, 'bin', 'java'));
    const there = await Promise.all(
        paths.map((path) =>
            access(path).then(
                () => path,
                () => undefined,
            ),
        ),
    );
    return [...there.filter((path) => path !== undefined), 'java'];
}

async function majorOf(java: string): Promise<number | undefined> {
    const printed = await promisify(execFile)(java, ['-version']).catch(() => undefined);
    const major = /version "(\d+)/.exec(printed?.stderr ?? '')?.[1];
    return major === undefined ? undefined : Number(major);
}
