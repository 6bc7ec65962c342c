import { describe, expect, it } from 'vitest';
import { TransientError, UsageError } from '#core/errors.ts';
import type { MartPublisher } from '#core/publish/publisher.ts';
import { createRotatingPublisher } from '#lambdas/_aws/publisher.ts';

const RUN = { runId: 'build-1-1', marts: [] };

function database(urls: readonly string[], answers: Readonly<Record<string, Error | undefined>>) {
    const tried: string[] = [];
    const url = { current: async () => urls[0] as string, fresh: async () => urls.at(-1) as string };
    const connect = (known: string): MartPublisher => {
        const answer = async () => {
            tried.push(known);
            const error = answers[known];
            if (error) throw error;
        };
        const publisher: MartPublisher = {
            publish: async () => answer().then(() => []),
            currentVersions: async () => answer().then(() => new Map([['t', 'v']])),
            connected: (work) => work(publisher),
        };
        return publisher;
    };
    return { publisher: createRotatingPublisher(url, connect), tried };
}

const refused = new UsageError('The database refuses the password.');

describe('a publisher whose credentials rotate', () => {
    it('connects with what is known', async () => {
        const { publisher, tried } = database(['old'], {});

        expect(await publisher.currentVersions()).toEqual(new Map([['t', 'v']]));
        expect(tried).toEqual(['old']);
    });

    it('reads the secret again when the database refuses what is known', async () => {
        const { publisher, tried } = database(['old', 'new'], { old: refused });

        expect(await publisher.publish(RUN)).toEqual([]);
        expect(tried).toEqual(['old', 'new']);
    });

    it('begins the work of a connection again when the database refuses what is known', async () => {
        const { publisher, tried } = database(['old', 'new'], { old: refused });

        const versions = await publisher.connected((connected) => connected.currentVersions());

        expect(versions).toEqual(new Map([['t', 'v']]));
        expect(tried).toEqual(['old', 'new']);
    });

    it('gives up when the secret says nothing new', async () => {
        const { publisher, tried } = database(['old'], { old: refused });

        await expect(publisher.publish(RUN)).rejects.toBe(refused);
        expect(tried).toEqual(['old']);
    });

    it('leaves a database that is away to the retries of the machine', async () => {
        const away = new TransientError('away');
        const { publisher, tried } = database(['old', 'new'], { old: away });

        await expect(publisher.currentVersions()).rejects.toBe(away);
        expect(tried).toEqual(['old']);
    });
});
