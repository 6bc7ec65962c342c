import { STAGE_NAMES } from '#lambdas/_aws/permissions.ts';
import { askLocalStack } from '#localstack/ask.ts';
import type { FunctionCounts } from './counts.ts';

const REPORT = /Billed Duration: (\d+) ms\s+Memory Size: (\d+) MB/;

/** Invocations and billed seconds of each function since an instant (milliseconds since 1970), from their logs. */
export async function functionCounts(
    port: number,
    name: string,
    since: number,
): Promise<Record<string, FunctionCounts>> {
    const found: Record<string, FunctionCounts> = {};
    for (const stage of STAGE_NAMES) {
        const lines = await messages(port, `/aws/lambda/${name}-${stage}`, since);
        const reports = lines.map((line) => REPORT.exec(line)).filter((match) => match !== null);
        if (reports.length === 0) continue;
        const seconds = reports.reduce((sum, [, milliseconds]) => sum + Number(milliseconds) / 1_000, 0);
        found[stage] = { invocations: reports.length, seconds, memoryMb: Number(reports[0]?.[2]) };
    }
    return found;
}

interface Page {
    readonly events: readonly { readonly message: string }[];
    readonly nextToken?: string;
}

async function messages(port: number, logGroupName: string, startTime: number): Promise<string[]> {
    const found: string[] = [];
    let nextToken: string | undefined;
    do {
        const body = { logGroupName, startTime, ...(nextToken !== undefined && { nextToken }) };
        const text = await askLocalStack(port, { service: 'logs', target: 'Logs_20140328.FilterLogEvents', body });
        const page = JSON.parse(text) as Page;
        found.push(...page.events.map(({ message }) => message));
        nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return found;
}
