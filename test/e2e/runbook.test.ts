import { execFile } from 'node:child_process';
import { access, cp, mkdir, mkdtemp, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '#embedded/project.ts';
import { inAnyFolder, type Repair, readRepairs } from '#test/support/runbook.ts';
import { removeLake } from './lake.ts';

/** One folder with one lake; each repair goes on where the one before ended. */
let folder: string;
const env: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: '1' };
const repairs = await readRepairs();

function type(command: string, more: Record<string, string> = {}): Promise<{ code: number; said: string }> {
    const options = { cwd: folder, env: { ...env, ...more }, maxBuffer: 2 ** 24 };
    return new Promise((resolve) => {
        execFile('bash', ['-c', inAnyFolder(command)], options, (error, out, err) => {
            resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, said: out + err });
        });
    });
}

async function does(command: string): Promise<string> {
    const { code, said } = await type(command);
    expect(code, `${command}\n${said}`).toBe(0);
    return said;
}

const write = (name: string, text: string) => writeFile(join(folder, name), text);
const edit = async (name: string, from: string | RegExp, to: string) =>
    write(name, (await readFile(join(folder, name), 'utf8')).replaceAll(from, to));
const calm = async () => expect(await does('npx cartlake status')).toContain('Nothing needs a hand');
const published = async (table: string) => (await does(`npx cartlake psql -c "select * from marts.${table}"`)).trim();

/** What the runbook says of one trouble, tried on it. */
interface Rehearsal {
    readonly breaks: () => Promise<unknown>;
    /** What the commands to look at show. */
    readonly shows: RegExp;
    /** What a person does in between, before the command with this number. */
    readonly edits?: readonly [before: number, edit: () => Promise<unknown>];
    /** Throws unless it is mended; there is nothing to mend in a question. */
    readonly repaired?: () => Promise<unknown>;
}

const EVENTS =
    'event_id,event_ts,user_id,session_id,product_id,event_type,price_paid,quantity,discount_amount,properties';
const PRODUCTS = 'product_id,category,base_price';
const PRICES = join('contracts', 'products.odcs.yaml');
const ABANDONED = join('.cartlake', 'marts', 'dim_users', 'run=build-0-1', 'part-0.parquet');
let before = '';

const REHEARSALS: Readonly<Record<string, Rehearsal>> = {
    'a process was killed': {
        async breaks() {
            const preload = `--import ${join(PROJECT_ROOT, 'test', 'support', 'kill-at.ts')}`;
            const killed = {
                NODE_OPTIONS: preload,
                CARTLAKE_KILL_FOLDER: join(folder, '.cartlake'),
                CARTLAKE_KILL_AT: '9',
            };
            await write('products-late.csv', `${PRODUCTS}\n9001,Toys,3.00\n`);
            expect((await type('npx cartlake ingest products-late.csv', killed)).code).not.toBe(0);
        },
        shows: /products-late\.csv: It was taken in and not finished/,
        repaired: calm,
    },
    'rows are in quarantine and the rows are wrong': {
        async breaks() {
            await write('events.csv', `${EVENTS}\n9001,2024-01-09 10:00:00,1,1,1,purchase,1e3,1,0,\n`);
            await does('npx cartlake ingest events.csv');
        },
        shows: /row 1[\s\S]*price_paid=1e3/,
        edits: [1, () => edit('bad.csv', ',1e3,', ',1000,')],
        repaired: async () => expect(await does('npx cartlake quarantine')).toContain('Quarantine is empty'),
    },
    'rows are in quarantine and the contract is wrong': {
        async breaks() {
            await edit(PRICES, 'minimum: 0', 'minimum: 5');
            await write('products-cheap.csv', `${PRODUCTS}\n9002,Toys,1.00\n`);
            await does('npx cartlake ingest products-cheap.csv');
        },
        shows: /products-cheap\.csv +1 of 1/,
        edits: [0, () => edit(PRICES, 'minimum: 5', 'minimum: 0')],
        repaired: async () => expect(await does('npx cartlake quarantine')).toContain('Quarantine is empty'),
    },
    'a table is wrong since the last build': {
        async breaks() {
            before = await published('sales_report');
            await does('npx cartlake ingest sales/events_2023_week_01.zip');
        },
        shows: /added/,
        edits: [1, async () => expect(await published('sales_report')).toBe(before)],
        repaired: async () => expect(await published('sales_report')).not.toBe(before),
    },
    'a number on a page is doubted': {
        breaks: async () => undefined,
        shows: /landing\/events\/events-shop\.csv, row 42,/,
    },
    'what did the table say on that day': {
        breaks: async () => undefined,
        shows: /\d{4}-\d\d-\d\d/,
    },
    'the disk fills up': {
        async breaks() {
            await mkdir(join(folder, ABANDONED, '..'), { recursive: true });
            await write(ABANDONED, 'of a build that was killed');
            const old = new Date(Date.now() - 10 * 24 * 3_600_000);
            await utimes(join(folder, ABANDONED), old, old);
        },
        shows: /1 file/,
        repaired: () => expect(access(join(folder, ABANDONED))).rejects.toThrow('ENOENT'),
    },
    'PostgreSQL lost its data': {
        async breaks() {
            before = await published('user_outcomes');
            await does('npx cartlake stop');
            await rm(join(folder, '.cartlake', 'postgres'), { recursive: true });
        },
        shows: /error/,
        repaired: async () => expect(await published('user_outcomes')).toBe(before),
    },
    'a table cannot be computed from what a file says': {
        async breaks() {
            before = await published('user_outcomes');
            const rows = Array.from({ length: 120 }, (_, index) => {
                return `${91_000 + index},2024-01-10 15:00:00,${(index % 60) + 1},1,1,purchase,9999999999999999.99,1,0,`;
            });
            await write('events-huge.csv', [EVENTS, ...rows, ''].join('\n'));
            expect((await type('npx cartlake ingest events-huge.csv')).code).toBe(1);
        },
        shows: /user_outcomes: .*out of range[\s\S]*cartlake reject/,
        async repaired() {
            await calm();
            expect(await published('user_outcomes')).toBe(before);
        },
    },
};

beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cartlake-runbook-'));
    env.CARTLAKE_CONTRACTS = join(folder, 'contracts');
    await cp(join(PROJECT_ROOT, 'contracts'), env.CARTLAKE_CONTRACTS, { recursive: true });
    await does('npx cartlake generate shop --users 60 --days 10 --seed 3 --effect 0.2 --out shop');
    await does(
        'npx cartlake generate sales --weeks 1 --seed 3 --customers 20 --products 10 --events-per-part 5 --out sales',
    );
    await rename(join(folder, 'shop', 'events.csv'), join(folder, 'shop', 'events-shop.csv'));
    await does('npx cartlake ingest shop sales/customers.csv');
});
afterAll(async () => {
    await removeLake(join(folder, '.cartlake'));
    await rm(folder, { recursive: true, force: true });
});

describe('the runbook of a lake in a folder', () => {
    it('has a rehearsal of each row', () => {
        expect(repairs.map(({ what }) => what).sort()).toEqual(Object.keys(REHEARSALS).sort());
    });

    it.each(repairs)('mends it when $what', async ({ what, look, repair }: Repair) => {
        const { breaks, shows, edits: [place, edits] = [], repaired } = REHEARSALS[what] as Rehearsal;
        await breaks();
        const seen = await Promise.all(look.map(async (command) => (await type(command)).said));
        expect(seen.join('\n')).toMatch(shows);
        for (const [number, command] of repair.entries()) {
            if (number === place) await edits?.();
            await does(
                command
                    .replace('2026-11-20T10:00:00Z', new Date().toISOString())
                    .replace('reject events.csv', 'reject events-huge.csv'),
            );
        }
        await repaired?.();
    });
});
