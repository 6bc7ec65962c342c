import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '#core/errors.ts';
import { serverAccount, traversalCapability, unprivilegedUser } from '#embedded/postgres/account.ts';

const ROOT = 'root:x:0:0:root:/root:/bin/sh';
const NOBODY = 'nobody:x:65534:65533::/:/bin/false';

describe('the user root lends the cluster to', () => {
    it('is postgres if there is one, else nobody', () => {
        expect(unprivilegedUser(`${ROOT}\n${NOBODY}\npostgres:x:101:104::/var:/bin/sh\n`)).toEqual({
            uid: 101,
            gid: 104,
        });
        expect(unprivilegedUser(`${ROOT}\n${NOBODY}\n`)).toEqual({ uid: 65534, gid: 65533 });
    });

    it('is never root under another name', () => {
        expect(unprivilegedUser(`postgres:x:0:0::/:/bin/sh\n${NOBODY}`)).toEqual({ uid: 65534, gid: 65533 });
    });

    it('is missed with advice when there is none', () => {
        expect(() => unprivilegedUser(`${ROOT}\n`)).toThrow(UsageError);
        expect(() => unprivilegedUser(`${ROOT}\n`)).toThrow(/Run the command as a normal user, or give the URL/);
    });
});

describe('the capability to walk through closed folders', () => {
    it('is the weakest this process has', () => {
        expect(traversalCapability('Name:\tx\nCapEff:\t000001ffffffffff\nCapBnd:\t0\n')).toBe('+dac_read_search');
        expect(traversalCapability('CapEff:\t00000000a80425fb\n')).toBe('+dac_override');
        expect(traversalCapability('CapEff:\t0000000000000000\n')).toBeUndefined();
        expect(traversalCapability('')).toBeUndefined();
    });
});

describe('the account of a server', () => {
    it('is this user when this user is not root', async () => {
        const account = await serverAccount('/no/such/folder', 1234);

        expect(account.owner).toBeUndefined();
        expect(account.command('initdb', ['-x'])).toEqual({ file: 'initdb', args: ['-x'], ids: {} });
    });

    it('is refused for data of somebody else', async () => {
        const folder = await mkdtemp(join(tmpdir(), 'cartlake-'));

        await expect(serverAccount(folder, 4242)).rejects.toThrow(/belongs to user id \d+, this is user id 4242/);
        await rm(folder, { recursive: true });
    });
});
