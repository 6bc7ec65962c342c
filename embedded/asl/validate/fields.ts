const COMMON = ['Type', 'Comment', 'QueryLanguage', 'InputPath', 'OutputPath'];
const ONWARD = ['Next', 'End'];
const ATTEMPTED = [...COMMON, ...ONWARD, 'ResultSelector', 'ResultPath', 'Retry', 'Catch'];

/** The members each type of state may have here. */
export const FIELDS: Readonly<Record<string, readonly string[]>> = {
    Task: [...ATTEMPTED, 'Resource', 'Parameters', 'TimeoutSeconds', 'TimeoutSecondsPath'],
    Parallel: [...ATTEMPTED, 'Branches', 'Parameters'],
    Map: [
        ...ATTEMPTED,
        'ItemProcessor',
        'ItemsPath',
        'ItemSelector',
        'MaxConcurrency',
        'MaxConcurrencyPath',
        'ItemReader',
        'ToleratedFailureCount',
        'ToleratedFailurePercentage',
        'Label',
    ],
    Pass: [...COMMON, ...ONWARD, 'Result', 'Parameters', 'ResultPath'],
    Wait: [...COMMON, ...ONWARD, 'Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'],
    Choice: [...COMMON, 'Choices', 'Default'],
    Succeed: COMMON,
    Fail: ['Type', 'Comment', 'QueryLanguage', 'Error', 'ErrorPath', 'Cause', 'CausePath'],
};

const JSONATA = 'belongs to JSONata, which is not supported';
const OF_MAP = 'belongs to a Map';
const BATCHES = 'batches are not supported: each item is one';
const WRITER = 'results of a Distributed Map are not kept; let what the items do be found elsewhere';
const PATHS = 'tolerance is a number here: ToleratedFailureCount or ToleratedFailurePercentage';
const HEARTBEAT = 'heartbeats are not supported; use TimeoutSeconds';

/** Why members that the service knows are refused here. */
export const REFUSED: Readonly<Record<string, string>> = {
    Assign: 'variables (Assign) are not supported',
    Arguments: JSONATA,
    Output: JSONATA,
    Items: JSONATA,
    HeartbeatSeconds: HEARTBEAT,
    HeartbeatSecondsPath: HEARTBEAT,
    Credentials: 'there is no other account to act in',
    Iterator: 'superseded by ItemProcessor',
    ItemReader: OF_MAP,
    ItemBatcher: BATCHES,
    ResultWriter: WRITER,
    Label: OF_MAP,
    ToleratedFailureCount: OF_MAP,
    ToleratedFailureCountPath: PATHS,
    ToleratedFailurePercentage: OF_MAP,
    ToleratedFailurePercentagePath: PATHS,
};

/** The Map state's older name for ItemSelector. */
export const REFUSED_IN_MAP: Readonly<Record<string, string>> = {
    ...REFUSED,
    Parameters: 'superseded by ItemSelector',
};
