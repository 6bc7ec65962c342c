import { askLocalStack, type Question } from './ask.ts';

/** What a stack can leave behind: how to list it, and where the names stand in the answer. */
const KINDS: Readonly<Record<string, Question & { readonly names: RegExp }>> = {
    stack: { service: 'cloudformation', action: 'ListStacks', names: /<StackName>([^<]+)</g },
    bucket: { service: 's3', names: /<Name>([^<]+)</g },
    queue: { service: 'sqs', target: 'AmazonSQS.ListQueues', names: /\/([^/"]+)"/g },
    function: { service: 'lambda', path: '/2015-03-31/functions/', names: /"FunctionName": ?"([^"]+)"/g },
    'event source': {
        service: 'lambda',
        path: '/2015-03-31/event-source-mappings/',
        names: /"EventSourceArn": ?"([^"]+)"/g,
    },
    machine: { service: 'states', target: 'AWSStepFunctions.ListStateMachines', names: /"name": ?"([^"]+)"/g },
    rule: { service: 'events', target: 'AWSEvents.ListRules', names: /"Name": ?"([^"]+)"/g },
    'log group': { service: 'logs', target: 'Logs_20140328.DescribeLogGroups', names: /"logGroupName": ?"([^"]+)"/g },
    parameter: { service: 'ssm', target: 'AmazonSSM.DescribeParameters', names: /"Name": ?"([^"]+)"/g },
    secret: { service: 'secretsmanager', target: 'secretsmanager.ListSecrets', names: /"Name": ?"([^"]+)"/g },
    topic: { service: 'sns', action: 'ListTopics', names: /<TopicArn>([^<]+)</g },
    alarm: { service: 'monitoring', action: 'DescribeAlarms', names: /<AlarmName>([^<]+)</g },
    role: { service: 'iam', action: 'ListRoles', names: /<RoleName>([^<]+)</g },
    policy: { service: 'iam', action: 'ListPolicies', names: /<PolicyName>([^<]+)</g },
};
const VERSIONS: Readonly<Record<string, string>> = {
    cloudformation: '2010-05-15',
    sns: '2010-03-31',
    monitoring: '2010-08-01',
    iam: '2010-05-08',
};

/** Otherwise stacks that were deleted, and the policies of AWS itself, are listed as well. */
const FILTERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    ListStacks: Object.fromEntries(
        [
            'CREATE_COMPLETE',
            'CREATE_FAILED',
            'ROLLBACK_COMPLETE',
            'UPDATE_COMPLETE',
            'UPDATE_ROLLBACK_COMPLETE',
            'DELETE_FAILED',
        ].map((status, index) => [`StackStatusFilter.member.${index + 1}`, status]),
    ),
    ListPolicies: { Scope: 'Local' },
};

/** The stack that `cdk bootstrap` makes and all that is in it: for every app, so that no app's end takes it away. */
const BOOTSTRAP = /^CDKToolkit$|^cdk-hnb659fds-|^\/cdk-bootstrap\/hnb659fds\//;

/** What there is on a LocalStack besides the bootstrap stack, as `kind name`, sorted. */
export async function inventory(port: number): Promise<string[]> {
    const found = await Promise.all(
        Object.entries(KINDS).map(async ([kind, { names, ...question }]) => {
            const body = question.action && { Version: VERSIONS[question.service], ...FILTERS[question.action] };
            const text = await askLocalStack(port, { ...question, ...(body && { body }) });
            return [...text.matchAll(names)].map(([, name = '']) => ({ kind, name }));
        }),
    );
    const own = found.flat().filter(({ name }) => !BOOTSTRAP.test(name));
    return own.map(({ kind, name }) => `${kind} ${name}`).sort();
}
