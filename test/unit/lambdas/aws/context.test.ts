import { describe, expect, it } from 'vitest';
import { PipelineError, UsageError } from '#core/errors.ts';
import { createContext } from '#lambdas/_aws/context.ts';
import { readEnvironment } from '#lambdas/_aws/environment.ts';
import type { Outside } from '#lambdas/_aws/outside.ts';
import type { StageName } from '#lambdas/_aws/permissions.ts';
import { createFakeExecutions } from '#test/support/fakes/executions.ts';
import { createMemoryS3 } from '#test/support/fakes/memory-s3.ts';
import { temporaryFolder } from '#test/support/temporary.ts';
import { ENVIRONMENT } from './pipeline-on-s3.ts';

function contextOf(stage: StageName, environment: Readonly<Record<string, string>> = ENVIRONMENT) {
    const loaded: string[] = [];
    const outside: Outside = {
        s3: () => createMemoryS3().client,
        async executions() {
            loaded.push('executions');
            return createFakeExecutions();
        },
        async publisher(secretArn) {
            loaded.push(secretArn);
            return { publish: async () => [], currentVersions: async () => new Map() };
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

    it('does not start without the files of the project', async () => {
        const root = await temporaryFolder();
        const { context } = contextOf('probe', { ...ENVIRONMENT, CARTLAKE_PROJECT_ROOT: root });

        await expect(context).rejects.toThrow(UsageError);
        await expect(context).rejects.toThrow(`Cannot read the folder ${root}/contracts.`);
    });
});
