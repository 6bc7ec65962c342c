import { describe, expect, it } from 'vitest';
import { grantsOf } from '#lambdas/_aws/grants.ts';
import { STAGE_NAMES, STAGE_NEEDS } from '#lambdas/_aws/permissions.ts';
import { RESOURCES } from './pipeline-on-s3.ts';

const actionsOn = (stage: (typeof STAGE_NAMES)[number], resource: RegExp) =>
    grantsOf(stage, RESOURCES)
        .filter(({ resources }) => resources.some((known) => resource.test(known)))
        .flatMap(({ actions }) => actions);

describe('the grants of a stage', () => {
    it('are exact documents and whole folders of the buckets', () => {
        expect(grantsOf('register', RESOURCES)).toEqual([
            { actions: ['s3:ListBucket'], resources: ['arn:aws:s3:::lake'] },
            {
                actions: ['s3:GetObject'],
                resources: [
                    'arn:aws:s3:::lake/control/ledger/*',
                    'arn:aws:s3:::lake/control/registry/*',
                    'arn:aws:s3:::lake/control/build-requests.json',
                    'arn:aws:s3:::lake/control/openlineage/*',
                    'arn:aws:s3:::lake/staging/*',
                ],
            },
            {
                actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
                resources: [
                    'arn:aws:s3:::lake/control/ledger/*',
                    'arn:aws:s3:::lake/control/registry/*',
                    'arn:aws:s3:::lake/control/build-requests.json',
                    'arn:aws:s3:::lake/control/openlineage/*',
                ],
            },
            { actions: ['states:StartExecution'], resources: [RESOURCES.machines.build.machine] },
            { actions: ['states:DescribeExecution'], resources: [RESOURCES.machines.build.executions] },
        ]);
    });

    it('let extract alone write to the landing bucket, and nobody delete there', () => {
        expect(actionsOn('extract', /:::landing\/landing\/\*$/)).toContain('s3:PutObject');
        for (const stage of STAGE_NAMES.filter((name) => name !== 'extract')) {
            expect(actionsOn(stage, /:::landing/).filter((action) => /Put|Delete/.test(action))).toEqual([]);
        }
    });

    it('let publish alone read the secret of the marts, and extract alone those of the sources', () => {
        const readers = STAGE_NAMES.filter((stage) => actionsOn(stage, /:secret:/).length > 0);

        expect(readers).toEqual(['publish', 'extract']);
        expect(actionsOn('extract', /secret:database$/)).toEqual([]);
        expect(actionsOn('publish', /secret:sources/)).toEqual([]);
        expect(grantsOf('publish', { ...RESOURCES, databaseSecretArn: undefined })).not.toContainEqual(
            expect.objectContaining({ actions: ['secretsmanager:GetSecretValue'] }),
        );
    });

    it('read every document they swap', () => {
        for (const stage of STAGE_NAMES) {
            const { reads, writes = [] } = STAGE_NEEDS[stage];
            const swapped = writes.filter((place) => place.startsWith('control/') && place !== 'control/open');
            expect(swapped.filter((place) => !reads.includes(place))).toEqual([]);
        }
    });
});
