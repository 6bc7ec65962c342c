// Asks the registry for known vulnerabilities of what package-lock.json names: node scripts/audit.ts
// Ends with 1 for a high or critical one, and with 2 when the registry could not be asked.
import { spawnSync } from 'node:child_process';

/** Answers of a registry that has no such service. */
const NOT_OFFERED = [404, 405, 501];

/** What `npm audit --json` says, as far as it is read here. */
interface Audit {
    readonly vulnerabilities?: Readonly<
        Record<string, { readonly severity: string; readonly via: readonly unknown[] }>
    >;
    readonly statusCode?: number;
    readonly message?: string;
}

const { stdout, stderr } = spawnSync('npm', ['audit', '--json', '--fetch-retries=0'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    shell: process.platform === 'win32',
});
const today = new Date().toISOString().slice(0, 10);
const { vulnerabilities, statusCode, message } = parsed(stdout);

if (vulnerabilities) report(vulnerabilities);
else if (NOT_OFFERED.includes(statusCode ?? 0)) {
    console.log(`npm audit, ${today}: this registry answers ${statusCode} to audit requests. Nothing was checked.`);
} else {
    console.error(`npm audit, ${today}: could not be asked: ${message ?? stderr.trim()}`);
    process.exitCode = 2;
}

function parsed(text: string): Audit {
    try {
        return JSON.parse(text) as Audit;
    } catch {
        return {};
    }
}

function report(found: NonNullable<Audit['vulnerabilities']>): void {
    const count = (severity: string) => Object.values(found).filter((each) => each.severity === severity).length;
    const counts = ['critical', 'high', 'moderate', 'low'].map((severity) => `${count(severity)} ${severity}`);
    console.log(`npm audit, ${today}: ${counts.join(', ')}.`);
    const grave = Object.entries(found).filter(([, { severity }]) => /critical|high/.test(severity));
    for (const [name, { severity, via }] of grave)
        console.error(`  ${name}: ${severity}: ${via.map(reason).join('; ')}`);
    process.exitCode = grave.length > 0 ? 1 : 0;
}

/** An advisory, or the name of the dependency that brings it in. */
function reason(via: unknown): string {
    if (typeof via === 'string') return `by ${via}`;
    const { title, url } = via as { title?: string; url?: string };
    return `${title ?? 'no title'} (${url ?? 'no address'})`;
}
