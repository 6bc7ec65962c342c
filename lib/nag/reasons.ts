/** Why a rule of AwsSolutions does not hold somewhere. Each stands at least once beside the construct it is for. */
export const REASONS = {
    objectsBelowPrefix:
        'The function works on all objects below this prefix; their keys come into being while the pipeline runs.',
    executionsOfMachine: 'Executions are named after ledger entries and builds, which no template can know.',
    listsOfReplays: 'Each replay has a list of its own, named after the objects in it.',
    itemsOfMap: 'Step Functions names the execution of each item of a Distributed Map itself.',
    tablesOfDatabase: 'Tables are named after models and the files a query reads, which no template can know.',
    tracing: 'X-Ray has no resources to name: PutTraceSegments and its siblings exist on * only.',
    logsAndTracesOfMachine: 'Step Functions sets up log delivery and sends traces by actions that exist on * only.',
    networkInterfaces: 'Lambda makes the network interfaces of a function in a network; they have no names before.',
    devMultiAz: 'Outside production a standby instance costs more than the minutes of outage it saves.',
    devDeletion: 'A dev deployment must go away with cdk destroy.',
    defaultPort: 'Only the security group of the publish function reaches the database, so its port is no secret.',
    oneRotationOnly: 'The secret holds the URL of a database this deployment does not own; its owner rotates it.',
} as const;

export type ReasonName = keyof typeof REASONS;
