import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { identityOfBytes, identityOfFile } from '#adapters/blake3/content-identity.ts';
import { temporaryFolder } from '#test/support/temporary.ts';

describe('the identity of content', () => {
    it('is the first half of BLAKE3', async () => {
        await expect(identityOfBytes(Buffer.alloc(0))).resolves.toBe('af1349b9f5f9a1a6a0404dea36dcc949');
        await expect(identityOfBytes(Buffer.from('abc'))).resolves.toBe('6437b3ac38465133ffb63b75273a8db5');
    });

    it('is that of a file with the same bytes, also of one read in many pieces', async () => {
        const path = join(await temporaryFolder(), 'large');
        const bytes = Buffer.alloc(3_000_001, 'order events');
        await writeFile(path, bytes);

        await expect(identityOfFile(path)).resolves.toBe(await identityOfBytes(bytes));
    });

    it('differs where one byte does', async () => {
        const [one, other] = ['[{"quantity": 1}]', '[{"quantity": 2}]'].map((text) => Buffer.from(text));

        expect(await identityOfBytes(one as Buffer)).not.toBe(await identityOfBytes(other as Buffer));
    });
});
