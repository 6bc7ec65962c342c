import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askLocalStack } from '../../../localstack/ask.ts';
import { inventory } from '../../../localstack/inventory.ts';

/** What a LocalStack answers, by the service a request is signed for. */
const ANSWERS: Readonly<Record<string, string>> = {
    cloudformation: '<StackName>CDKToolkit</StackName><StackName>cartlake-dev-storage</StackName>',
    s3: '<Name>cdk-hnb659fds-assets-000000000000-us-east-1</Name><Name>cartlake-dev-lake</Name>',
    sqs: '{"QueueUrls": ["http://127.0.0.1:4566/queue/us-east-1/000000000000/cartlake-dev-arrivals"]}',
    lambda: '{"Functions": [{"FunctionName": "cartlake-dev-plan", "Runtime": "nodejs24.x"}]}',
    ssm: '{"Parameters": [{"Name": "/cdk-bootstrap/hnb659fds/version"}]}',
    iam: '<RoleName>cdk-hnb659fds-deploy-role</RoleName><RoleName>cartlake-dev-plan-role</RoleName>',
};

const asked: string[] = [];
let server: Server;
let port: number;

beforeAll(async () => {
    server = createServer((request, response) => {
        const [, service = ''] = /us-east-1\/(\w+)\/aws4/.exec(request.headers.authorization ?? '') ?? [];
        let body = '';
        request.on('data', (chunk) => {
            body += chunk;
        });
        request.on('end', () => {
            asked.push(`${request.method} ${request.url} ${request.headers['content-type']} ${body}`);
            response.statusCode = service === 'broken' ? 400 : 200;
            response.end(ANSWERS[service] ?? 'no such thing');
        });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

describe('what there is on a LocalStack', () => {
    it('is listed by kind, without what the bootstrap stack made', async () => {
        expect(await inventory(port)).toEqual([
            'bucket cartlake-dev-lake',
            'function cartlake-dev-plan',
            'queue cartlake-dev-arrivals',
            'role cartlake-dev-plan-role',
            'stack cartlake-dev-storage',
        ]);
    });
});

describe('a question to LocalStack', () => {
    it('is a form for an action, JSON for a target, and a text as it is', async () => {
        asked.length = 0;
        await askLocalStack(port, { service: 'iam', action: 'ListRoles', body: { Version: '2010-05-08' } });
        await askLocalStack(port, { service: 'sqs', target: 'AmazonSQS.ListQueues' });
        await askLocalStack(port, { service: 's3', method: 'PUT', path: '/lake?notification', body: '<None/>' });

        expect(asked).toEqual([
            'POST / application/x-www-form-urlencoded Action=ListRoles&Version=2010-05-08',
            'POST / application/x-amz-json-1.1 {}',
            'PUT /lake?notification application/xml <None/>',
        ]);
    });

    it('that is answered with an error says so', async () => {
        await expect(askLocalStack(port, { service: 'broken', action: 'ListThings' })).rejects.toThrow(
            'LocalStack answered ListThings of broken with no such thing',
        );
    });
});
