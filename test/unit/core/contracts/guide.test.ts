import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { matchHeader } from '#core/contracts/match.ts';
import { explainMismatch } from '#core/contracts/mismatch.ts';
import { parseContract } from '#core/contracts/parse.ts';

const project = new URL('../../../../', import.meta.url);
const guide = readFileSync(new URL('docs/contracts.md', project), 'utf8');

describe('docs/contracts.md', () => {
    it('shows a contract that compiles', () => {
        const [, example = ''] = /```yaml\n(.*?)```/s.exec(guide) ?? [];
        expect(parseContract(example, 'refunds.odcs.yaml')).toMatchObject({
            dataset: 'refunds',
            dateColumn: 'refunded_at',
            schemaPolicy: 'strict',
        });
    });

    it('shows a rejection as it is written', () => {
        const file = 'contracts/users.odcs.yaml';
        const users = parseContract(readFileSync(new URL(file, project), 'utf8'), file);
        const match = matchHeader(users, ['USER_ID', 'singup_ts', 'Country', 'device']);
        expect(guide).toContain(explainMismatch(users, match));
    });
});
