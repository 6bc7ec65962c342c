import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { matchHeader } from '#core/contracts/match.ts';
import { parseContract } from '#core/contracts/parse.ts';
import { datasetOfFile } from '#core/contracts/patterns.ts';
import { generateShop } from '#core/generate/shop.ts';
import { rowsOf, textOf } from './read.ts';

const shop = generateShop({ users: 2_000, seed: 42 });
const users = rowsOf(shop, 'users');
const products = rowsOf(shop, 'products');
const assignments = rowsOf(shop, 'experiment_assignments');
const sessions = rowsOf(shop, 'sessions');
const events = rowsOf(shop, 'events');
const by = (rows: Record<string, string>[], column: string) => new Map(rows.map((row) => [row[column], row]));
const share = (part: number, whole: number) => part / whole;

describe('generateShop', () => {
    it('makes the same bytes for the same options', () => {
        const hash = createHash('sha256');
        for (const { name } of shop.files) hash.update(textOf(generateShop({ users: 2_000, seed: 42 }), name));
        expect(hash.digest('hex')).toBe('ee90cf60cc3741b3e14b2395703ba6e9546c2a90a45706342957992a49cc9b79');
    });

    it('makes another shop for another seed', () => {
        expect(textOf(generateShop({ users: 50, seed: 1 }), 'users')).not.toBe(
            textOf(generateShop({ users: 50, seed: 2 }), 'users'),
        );
    });

    it('makes each file on its own, any number of times', () => {
        const other = generateShop({ users: 300, seed: 42 });
        const late = textOf(other, 'events');
        expect(textOf(other, 'events')).toBe(late);
        expect(textOf(generateShop({ users: 300, seed: 42 }), 'events')).toBe(late);
    });

    it('keeps the users of a smaller shop in a larger one', () => {
        expect(textOf(shop, 'events').startsWith(textOf(generateShop({ users: 300, seed: 42 }), 'events'))).toBe(true);
    });

    it('makes five files that their contracts take as they are', () => {
        const folder = new URL('../../../../contracts/', import.meta.url);
        const names = ['users', 'products', 'experiment_assignments', 'sessions', 'events'];
        const contracts = new Map(
            names.map((name) => {
                const file = `${name}.odcs.yaml`;
                return [name, parseContract(readFileSync(new URL(file, folder), 'utf8'), file)];
            }),
        );
        expect(shop.files.map(({ name }) => datasetOfFile(contracts, name))).toEqual(names);
        for (const { name } of shop.files) {
            const header = textOf(shop, name).split('\n', 1)[0]!.split(',');
            const match = matchHeader(contracts.get(datasetOfFile(contracts, name)!)!, header);
            const missingOptional = name === 'products.csv' ? ['product_name'] : [];
            expect(match).toMatchObject({ acceptable: true, missingOptional, extra: [] });
        }
    });

    it('numbers every row once, in order', () => {
        for (const [rows, id] of [
            [users, 'user_id'],
            [products, 'product_id'],
            [assignments, 'user_id'],
            [sessions, 'session_id'],
            [events, 'event_id'],
        ] as const) {
            expect(rows.map((row) => Number(row[id]))).toEqual(rows.map((_, index) => index + 1));
        }
    });

    it('gives chunks of whole lines', () => {
        const chunks = [...shop.files.at(-1)!.chunks];
        expect(chunks.length).toBeGreaterThan(5);
        for (const chunk of chunks) {
            expect(chunk.endsWith('\n')).toBe(true);
            expect(chunk.length).toBeLessThan(70_000);
        }
    });

    it('links sessions to users, and events to sessions and products', () => {
        const userOf = by(users, 'user_id');
        const sessionOf = by(sessions, 'session_id');
        const productOf = by(products, 'product_id');
        for (const session of sessions) {
            const user = userOf.get(session.user_id)!;
            expect(session.device_type).toBe(user.device_type);
            expect(session.session_start_ts! >= user.signup_ts!).toBe(true);
            expect(session.session_start_ts! < session.session_end_ts!).toBe(true);
        }
        for (const event of events) {
            const session = sessionOf.get(event.session_id)!;
            expect(event.user_id).toBe(session.user_id);
            expect(event.event_ts! >= session.session_start_ts!).toBe(true);
            expect(event.event_ts! <= session.session_end_ts!).toBe(true);
            if (event.product_id !== '') expect(productOf.has(event.product_id)).toBe(true);
        }
        expect(new Set(events.map(({ session_id }) => session_id)).size).toBe(sessions.length);
    });

    it('assigns every user once, 0 to 7 days after the signup', () => {
        const userOf = by(users, 'user_id');
        for (const { user_id, assignment_ts } of assignments) {
            const days = (Date.parse(assignment_ts!) - Date.parse(userOf.get(user_id)!.signup_ts!)) / 86_400_000;
            expect(days).toBeGreaterThanOrEqual(0);
            expect(days).toBeLessThanOrEqual(7);
        }
        expect(new Set(assignments.map(({ experiment_name }) => experiment_name))).toEqual(
            new Set(['new_product_page']),
        );
        expect(share(assignments.filter(({ variant }) => variant === 'treatment').length, users.length)).toBeCloseTo(
            0.5,
            1,
        );
    });

    it('walks every session down the funnel', () => {
        const steps = [
            'session_start',
            'view_home',
            'search',
            'view_product',
            'add_to_cart',
            'begin_checkout',
            'purchase',
            'logout',
        ];
        const walks = Map.groupBy(events, ({ session_id }) => session_id);
        for (const walk of walks.values()) {
            const places = walk.map(({ event_type }) => steps.indexOf(event_type!));
            expect(places[0]).toBe(0);
            expect(places).toEqual(places.toSorted((a, b) => a - b));
            if (places.includes(6)) expect(places).toEqual(expect.arrayContaining([3, 4, 5, 6]));
        }
        expect(new Set(events.map(({ event_type }) => event_type))).toEqual(new Set(steps));
    });

    it('has the proportions of a shop', () => {
        const count = (type: string) => events.filter(({ event_type }) => event_type === type).length;
        expect(Math.abs(share(sessions.length, users.length) - 3)).toBeLessThan(0.15);
        expect(Math.abs(share(events.length, users.length) - 8.8)).toBeLessThan(0.4);
        expect(share(count('view_product'), sessions.length)).toBeCloseTo(0.7, 1);
        expect(share(count('purchase'), sessions.length)).toBeGreaterThan(0.02);
        expect(share(count('purchase'), sessions.length)).toBeLessThan(0.04);
        expect(count('add_to_cart')).toBeGreaterThan(count('begin_checkout'));
        expect(count('begin_checkout')).toBeGreaterThan(count('purchase'));
    });

    it('prices purchases at list price times quantity less discount', () => {
        const productOf = by(products, 'product_id');
        const purchases = events.filter(({ event_type }) => event_type === 'purchase');
        for (const { product_id, price_paid, quantity, discount_amount } of purchases) {
            const list = Math.round(Number(productOf.get(product_id)!.base_price) * 100) * Number(quantity);
            expect(Math.round(Number(price_paid) * 100)).toBe(list - Number(discount_amount) * 100);
            expect(Number(price_paid)).toBeGreaterThan(0);
            expect(quantity).toMatch(/^[123]\.0$/);
        }
        for (const event of events) expect(event.price_paid === '').toBe(event.event_type !== 'purchase');
    });

    it('stays within its days and writes dates and times as exports do', () => {
        const short = generateShop({ users: 500, seed: 1, startDate: '2023-12-30', days: 3 });
        const days = new Set(rowsOf(short, 'sessions').map(({ session_start_ts }) => session_start_ts!.slice(0, 10)));
        expect([...days].sort()).toEqual(['2023-12-30', '2023-12-31', '2024-01-01']);
        expect(rowsOf(short, 'events')[0]!.event_ts).toMatch(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/);
        expect(rowsOf(short, 'users')[0]!.signup_ts).toMatch(/^\d{4}-\d{2}-\d{2}$/);
        expect(new Set(users.map(({ is_new_user }) => is_new_user))).toEqual(new Set(['True', 'False']));
    });

    it('takes the number of sessions, of products and the name of the experiment', () => {
        const other = generateShop({ users: 500, seed: 1, sessionsPerUser: 1, products: 2, experiment: 'x-1' });
        expect(rowsOf(other, 'sessions')).toHaveLength(500);
        expect(rowsOf(other, 'products')).toHaveLength(2);
        expect(rowsOf(other, 'experiment_assignments')[0]!.experiment_name).toBe('x-1');
    });
});
