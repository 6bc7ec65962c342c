import { describe, expect, it } from 'vitest';
import { UsageError } from '#core/errors.ts';
import { readDeployment } from '#lib/deployment/deployment.ts';

const URL = 'postgres://user:password@127.0.0.1:5432/shop';

describe('readDeployment', () => {
    it('deploys a dev stage with DuckDB and RDS to AWS unless told otherwise', () => {
        expect(readDeployment({})).toEqual({
            target: 'aws',
            engine: 'duckdb',
            stage: 'dev',
            database: 'rds',
            databaseUrl: undefined,
            architecture: 'arm64',
            alarmEmail: undefined,
            sources: [],
            sourceUrl: undefined,
        });
    });

    it('uses an external database and the architecture of this machine on LocalStack', () => {
        const deployment = readDeployment({ target: 'localstack', databaseUrl: URL });

        expect(deployment.database).toBe('external');
        expect(deployment.architecture).toBe(process.arch === 'arm64' ? 'arm64' : 'x86_64');
    });

    it('takes a list of sources', () => {
        expect(readDeployment({ sources: 'shop, erp,' }).sources).toEqual(['shop', 'erp']);
    });

    it('takes an empty value for one that is not given', () => {
        expect(readDeployment({ alarmEmail: '', stage: '' })).toMatchObject({ alarmEmail: undefined, stage: 'dev' });
    });

    it.each([
        [{ target: 'azure' }, 'target must be aws or localstack, found "azure"'],
        [{ stage: 'test' }, 'stage must be dev or staging or prod, found "test"'],
        [{ engine: 1 }, 'engine must be duckdb or athena, found 1'],
        [{ alarmEmail: true }, 'alarmEmail must be text, found true'],
        [{ target: 'localstack', databaseUrl: URL, engine: 'athena' }, 'engine=athena needs target=aws'],
        [{ target: 'localstack', databaseUrl: URL, database: 'rds' }, 'database=rds needs target=aws'],
        [{ target: 'localstack' }, 'target=localstack needs databaseUrl, such as postgres://'],
        [{ target: 'localstack', databaseUrl: 'mysql://x' }, 'databaseUrl must start with postgres://'],
        [{ databaseUrl: URL }, 'databaseUrl works with target=localstack only'],
        [{ sourceUrl: URL, sources: 'shop' }, 'sourceUrl works with target=localstack only'],
        [{ target: 'localstack', databaseUrl: URL, sourceUrl: URL }, 'sourceUrl needs sources, such as sources=shop'],
        [
            { target: 'localstack', databaseUrl: URL, sourceUrl: 'x', sources: 'shop' },
            'sourceUrl must start with postgres://',
        ],
    ])('refuses %j', (context, fault) => {
        expect(() => readDeployment(context)).toThrow(UsageError);
        expect(() => readDeployment(context)).toThrow(fault);
    });

    it('lists every fault at once and says where to read on', () => {
        const read = () => readDeployment({ target: 'azure', stage: 'test' });

        expect(read).toThrow(/target must be .*; stage must be .*docs\/deploy\.md/);
    });
});
