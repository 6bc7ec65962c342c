import { describe, expect, it } from 'vitest';
import { createNotices } from '#adapters/sqs/notices.ts';
import { TransientError, UsageError } from '#core/errors.ts';
import { createMemorySqs } from '#test/support/fakes/memory-sqs.ts';

const [ARRIVALS, DEAD] = ['lake-arrivals', 'lake-dead-letters'];
const fileOf = (number: number) => ({ bucket: 'b', key: `landing/users/${number}.csv`, version: `v${number}` });
const noticeOf = (number: number, version: object = { 'version-id': `v${number}` }) =>
    JSON.stringify({ detail: { bucket: { name: 'b' }, object: { key: fileOf(number).key, ...version } } });

async function withDead(...bodies: readonly string[]) {
    const sqs = createMemorySqs(ARRIVALS, DEAD);
    for (const body of bodies) sqs.add(DEAD, body);
    return { sqs, notices: await createNotices(sqs.client, 'lake') };
}

const many = Array.from({ length: 23 }, (_, number) => noticeOf(number));

describe('notices that were given up', () => {
    it('are listed with the files they tell of, and stay', async () => {
        const { sqs, notices } = await withDead(...many);
        const found = await notices.deadLetters();

        expect(found.map(({ object }) => object)).toEqual(many.map((_, number) => fileOf(number)));
        expect(found[0]).toMatchObject({ id: 'm1', sentAt: '1970-01-01T00:00:00.000Z' });
        expect(sqs.shown(DEAD)).toBe(23);
        expect(await notices.waiting()).toEqual({ arrivals: 0, deadLetters: 23 });
    });

    it('are sent to be admitted again as they came, all of them', async () => {
        const { sqs, notices } = await withDead(...many);
        const sent = await notices.redrive();

        expect(sent).toHaveLength(23);
        expect(sqs.bodies(ARRIVALS)).toEqual(many);
        expect(sqs.bodies(DEAD)).toEqual([]);
    });

    it('stay when they name no file', async () => {
        const useless = ['no JSON', 'null', '{"detail":{"bucket":{"name":"b"}}}'];
        const { sqs, notices } = await withDead(...useless, noticeOf(1, { etag: 'e' }));

        expect((await notices.deadLetters()).map(({ object }) => object?.version)).toEqual([
            undefined,
            undefined,
            undefined,
            'e',
        ]);
        expect(await notices.redrive()).toHaveLength(1);
        expect(sqs.bodies(DEAD)).toEqual(useless);
        expect(sqs.shown(DEAD)).toBe(3);
    });

    it('stay when they cannot be sent', async () => {
        const { sqs, notices } = await withDead(noticeOf(1), noticeOf(2));
        sqs.refuse(1);
        const failing = notices.redrive();

        await expect(failing).rejects.toThrow(TransientError);
        await expect(failing).rejects.toThrow('lake-arrivals took 1 of 2 messages (not now). Run it again.');
        expect(sqs.bodies(DEAD)).toHaveLength(2);
    });
});

describe('an announced file', () => {
    it('is told of as S3 tells of it', async () => {
        const { sqs, notices } = await withDead();
        await notices.announce(Array.from({ length: 12 }, (_, number) => fileOf(number)));

        expect(sqs.bodies(ARRIVALS)).toHaveLength(12);
        expect(JSON.parse(sqs.bodies(ARRIVALS)[11] ?? '')).toEqual({
            'detail-type': 'Object Created',
            source: 'aws.s3',
            detail: { bucket: { name: 'b' }, object: { key: 'landing/users/11.csv', 'version-id': 'v11' } },
        });
    });
});

describe('queues that are not there', () => {
    it('say that the pipeline is not deployed', async () => {
        const failing = createNotices(createMemorySqs(ARRIVALS).client, 'lake');

        await expect(failing).rejects.toThrow(UsageError);
        await expect(failing).rejects.toThrow('lake-dead-letters does not exist');
    });
});
