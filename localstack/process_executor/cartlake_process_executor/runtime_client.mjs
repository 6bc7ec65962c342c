// The function's side of the Lambda Runtime API: loads the handler, then serves one invocation after the other.
// Error types are those of AWS's own client for Node.js 24.
import { existsSync } from 'node:fs';
import http from 'node:http';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const env = process.env;
const agent = new http.Agent({ keepAlive: true });

class RuntimeError extends Error {
    constructor(kind, message) {
        super(message);
        this.name = `Runtime.${kind}`;
    }
}

// Not fetch: it gives up on an answer after five minutes, and an idle function waits longer for its next invocation.
function callApi(method, path, body) {
    const url = `http://${env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/${path}`;
    return new Promise((done, fail) => {
        const request = http.request(url, { method, agent }, (response) => {
            response
                .toArray()
                .then((chunks) => done({ headers: response.headers, text: Buffer.concat(chunks).toString() }), fail);
        });
        request.on('error', fail).end(body);
    });
}

function splitHandler() {
    const lastSlash = env._HANDLER.lastIndexOf('/');
    const dot = env._HANDLER.indexOf('.', lastSlash + 1);
    if (dot <= lastSlash + 1 || dot === env._HANDLER.length - 1) {
        throw new RuntimeError('MalformedHandlerName', `expected "file.export", found "${env._HANDLER}"`);
    }
    return [env._HANDLER.slice(0, dot), env._HANDLER.slice(dot + 1).split('.')];
}

function describeLoadingError(error) {
    if (['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'].includes(error?.code)) {
        return new RuntimeError('ImportModuleError', error.message);
    }
    return error instanceof SyntaxError ? new RuntimeError('UserCodeSyntaxError', error.message) : error;
}

async function loadHandler() {
    const [stem, names] = splitHandler();
    const path = resolve(env.LAMBDA_TASK_ROOT, stem);
    const file = ['.js', '.mjs', '.cjs'].map((extension) => path + extension).find((name) => existsSync(name));
    if (file === undefined) throw new RuntimeError('ImportModuleError', `Cannot find module '${stem}'`);
    const loaded = await import(pathToFileURL(file)).catch((error) => {
        throw describeLoadingError(error);
    });
    const exported = (root) => names.reduce((value, name) => value?.[name], root);
    const handler = exported(loaded) ?? exported(loaded.default);
    if (typeof handler !== 'function') {
        throw new RuntimeError('HandlerNotFound', `${env._HANDLER} is undefined or not exported`);
    }
    if (handler.length === 3) {
        throw new RuntimeError('CallbackHandlerDeprecated', 'Node.js 24 has no callbacks: write an async handler');
    }
    return handler;
}

function contextOf(headers) {
    const deadline = Number(headers['lambda-runtime-deadline-ms']);
    return {
        awsRequestId: headers['lambda-runtime-aws-request-id'],
        invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
        functionName: env.AWS_LAMBDA_FUNCTION_NAME,
        functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
        memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
        logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
        logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
        getRemainingTimeInMillis: () => deadline - Date.now(),
    };
}

let errorPath = 'init/error';

async function report(thrown) {
    const known = thrown instanceof Error;
    const document = JSON.stringify({
        errorType: known ? thrown.name : typeof thrown,
        errorMessage: known ? thrown.message : String(thrown),
        trace: known ? (thrown.stack?.split('\n') ?? []) : [],
    });
    console.error(document);
    await callApi('POST', errorPath, document);
}

let isEnding = false;

function reportAndExit(code) {
    return (thrown) => {
        isEnding = true;
        return report(thrown).finally(() => process.exit(code));
    };
}

process.on('uncaughtException', reportAndExit(129));
process.on('unhandledRejection', (reason) =>
    reportAndExit(128)(
        new RuntimeError('UnhandledPromiseRejection', reason instanceof Error ? reason.stack : String(reason)),
    ),
);

const handler = await loadHandler().catch(reportAndExit(1));

while (!isEnding) {
    // No answer means that LocalStack is gone, and this process has no other purpose.
    const { headers, text } = await callApi('GET', 'invocation/next').catch(() => process.exit(0));
    const invocation = `invocation/${headers['lambda-runtime-aws-request-id']}`;
    errorPath = `${invocation}/error`;
    env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'];
    try {
        const result = await handler(JSON.parse(text), contextOf(headers));
        await callApi('POST', `${invocation}/response`, JSON.stringify(result) ?? 'null');
    } catch (error) {
        await report(error);
    }
}
