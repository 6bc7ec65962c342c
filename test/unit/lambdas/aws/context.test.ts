import { describe, expect, it } from 'vitest';
import { PipelineError, UsageError } from '#core/errors.ts';
import { createContext } from '#lambdas/_aws/context.ts';
import { readEnvironment } from '#lambdas/_aws/environment.ts';
import type { Outside } from '#lambdas/_aws/outside.ts';
import type { StageName } from '#lambdas/_aws/permissions.ts';
import { createFakeExecutions } from '#test/support/fakes/executions.ts';
import { createMemoryS3 } from '#test/support/fakes/memory-s3.ts';
import { createFakePublisher } from '#test/support/fakes/publisher.ts';
import { temporaryFolder } from '#test/support/temporary.ts';
import { ENVIRONMENT } from './pipeline-on-s3.ts';

const ATHENA = {
    ...ENVIRONMENT,
    CARTLAKE_ENGINE: 'athena',
    CARTLAKE_WORKGROUP: 'shop',
    CARTLAKE_GLUE_DATABASE: 'shop_tables',
    CARTLAKE_WORK_DATABASE: 'shop_work',
};

function contextOf(stage: StageName, environment: Readonly<Record<string, string>> = ENVIRONMENT) {
    const loaded: string[] = [];
    const outside: Outside = {
        s3: () => createMemoryS3().client,
        async executions() {
            loaded.push('executions');
            return createFakeExecutions();
        },
        async remoteEngine(place, _blobs, local) {
            loaded.push(`engine of ${place.workgroup}`);
            return local.engine;
        },
        async mirror(place) {
            loaded.push(`mirror in ${place.database}`);
            return { show: async () => undefined, tidy: async () => undefined };
        },
        async publisher(secretArn) {
            loaded.push(secretArn);
            return createFakePublisher();
        },
        async sources(secretPrefix) {
            loaded.push(`sources ${secretPrefix}`);
            return { of: () => ({ read: async () => Promise.reject(new Error('no database here')) }) };
        },
    };
    return { context: createContext(stage, readEnvironment(stage, environment), outside), loaded };
}

describe('the context of a stage', () => {
    it('connects to what the stage needs', async () => {
        const publish = contextOf('publish');
        const register = contextOf('register');
        const extract = contextOf('extract', { ...ENVIRONMENT, CARTLAKE_SOURCE_SECRETS: 'cartlake/dev/sources/' });
        await Promise.all([publish.context, register.context, extract.context]);

        expect(publish.loaded).toEqual([ENVIRONMENT.CARTLAKE_DATABASE_SECRET_ARN]);
        expect(register.loaded).toEqual(['executions']);
        expect(extract.loaded).toEqual(['sources cartlake/dev/sources/']);
        expect([...(await register.context).contracts.keys()]).toContain('events');
    });

    it('can be copied, but says what a stage uses without having asked for it', async () => {
        const copy = { ...(await contextOf('halt').context) };

        expect(() => copy.contracts.get('events')).toThrow(PipelineError);
        expect(() => copy.contracts.get('events')).toThrow(
            'The stage halt uses contracts, which its needs do not name.',
        );
        expect(() => copy.engine.rows).toThrow('halt uses engine');
        expect(() => copy.publisher.publish).toThrow('halt uses publisher');
    });

    it('lets one file take a part of the disk', async () => {
        expect((await contextOf('stage').context).maxFileBytes).toBeGreaterThan(1e6);
    });

    it('computes with Athena where it is asked to, and mirrors tables in Glue', async () => {
        const loadedBy = async (stage: StageName) => {
            const { context, loaded } = contextOf(stage, ATHENA);
            await context;
            return loaded;
        };

        expect(await loadedBy('build')).toEqual(['engine of shop']);
        expect(await loadedBy('check')).toEqual(['engine of shop']);
        expect(await loadedBy('promote')).toEqual(['mirror in shop_tables']);
        expect(await loadedBy('finish')).toEqual(['mirror in shop_tables', 'executions']);
        expect(await loadedBy('report')).toEqual([]);
        expect(await loadedBy('publish')).toEqual([ENVIRONMENT.CARTLAKE_DATABASE_SECRET_ARN]);
    });

    it('does not start with Athena when it is not said where', async () => {
        const { context } = contextOf('build', { ...ENVIRONMENT, CARTLAKE_ENGINE: 'athena' });

        await expect(context).rejects.toThrow(UsageError);
        await expect(context).rejects.toThrow('CARTLAKE_ENGINE is athena, which needs CARTLAKE_WORKGROUP');
    });

    it('does not start without the files of the project', async () => {
        const root = await temporaryFolder();
        const { context } = contextOf('probe', { ...ENVIRONMENT, CARTLAKE_PROJECT_ROOT: root });

        await expect(context).rejects.toThrow(UsageError);
        await expect(context).rejects.toThrow(`Cannot read the folder ${root}/contracts.`);
    });
});
