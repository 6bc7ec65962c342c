import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProgram } from '#cli/program.ts';
import { PROJECT_ROOT } from '#embedded/project.ts';
import { STAGE_NAMES } from '#lambdas/_aws/permissions.ts';
import { SIZES } from '#lib/deployment/sizes.ts';
import { alarmsOf } from '#lib/monitoring/alarms.ts';
import { namesOf } from '#lib/names.ts';
import { BUILDS } from '#test/e2e-localstack/runbook/builds.ts';
import { EDGES } from '#test/e2e-localstack/runbook/edges.ts';
import { INGESTS } from '#test/e2e-localstack/runbook/ingests.ts';

const text = await readFile(join(PROJECT_ROOT, 'docs', 'runbook.md'), 'utf8');
const sections = new Map(
    text.split(/^## /m).map((section) => {
        const [heading = '', ...rest] = section.split('\n');
        return [heading, rest.join('\n')] as const;
    }),
);
const alarms = alarmsOf(SIZES.prod.alarms).map(({ name }) => name);
/** Commands as a reader would type them: code on lines of their own and in tables. */
const commands = [...text.matchAll(/npx cartlake ([^`\n]+)/g)].map(([, words = '']) => words.trim());

describe('the runbook', () => {
    it.each(alarms)('says of %s what it means, what to look at, and the command that repairs it', (name) => {
        const section = sections.get(name) ?? '';

        for (const part of ['**Means.**', '**Look at.**', '**Repair.**']) expect(section).toContain(part);
        expect(section.split('**Repair.**')[1]).toMatch(/```sh\n(npx|aws) .+\n/);
    });

    it('has no section of an alarm there is not', () => {
        const others = [...sections.keys()].filter((heading) => /^[a-z]+(-[a-z]+)+$/.test(heading));

        expect(others.toSorted()).toEqual(alarms.toSorted());
    });

    it.each([...new Set(commands)])('names a command there is, with its options: cartlake %s', async (words) => {
        const [name = '', sub = ''] = words.split(' ');
        const command = (await createProgram()).commands.find((each) => each.name() === name);
        const innermost = command?.commands.find((each) => each.name() === sub) ?? command;
        const known = [command, innermost].flatMap((each) => each?.options.map(({ long }) => long) ?? []);

        expect(command).toBeDefined();
        for (const option of words.match(/--[a-z-]+/g) ?? []) expect(known).toContain(option);
    });

    it('names what there is in a deployment', () => {
        const { functions, queues, sweepSchedule } = namesOf('prod');
        const named = new Set([...STAGE_NAMES.map(functions), ...Object.values(queues), sweepSchedule]);

        for (const [, name] of text.matchAll(/(?:lambda\/|name )(cartlake-prod-[\w-]+)/g))
            expect(named).toContain(name);
        for (const [, name] of text.matchAll(/npx cartlake logs (\w+)/g)) expect(STAGE_NAMES).toContain(name);
    });

    it('is tried out: each section about an alarm on LocalStack', () => {
        const rehearsed = [...EDGES, ...INGESTS, ...BUILDS].map(({ section }) => section);

        expect([...new Set(rehearsed)].toSorted()).toEqual(alarms.toSorted());
    });
});
