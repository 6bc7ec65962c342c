import { delimiter, dirname, join } from 'node:path';
import { endpointOf } from './environment.ts';
import { ID_VARIABLE } from './processes.ts';
import type { ServerRecord, StateFolder } from './state.ts';

/** What of the caller's environment the server may see: its own settings would change ours. */
const PASSED_ON = [
    'LANG',
    'DEBUG',
    // Tests let functions fail: process_executor/cartlake_process_executor/faults.py.
    'CARTLAKE_FAULTS',
    // They do not wait for what a machine waits before it tries again: .../step_functions.py.
    'CARTLAKE_RETRY_WAITS',
    'LS_LOG',
    'HTTP_PROXY',
    'HTTPS_PROXY',
    'http_proxy',
    'https_proxy',
    'NODE_EXTRA_CA_CERTS',
    'REQUESTS_CA_BUNDLE',
    'SSL_CERT_FILE',
];

/** The environment LocalStack starts with: everything on 127.0.0.1, every file in the state folder. */
export function serverEnvironment(
    state: StateFolder,
    record: ServerRecord,
    base: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
    const address = new URL(endpointOf(record.port)).host;
    const passedOn = PASSED_ON.flatMap((name) => (base[name] === undefined ? [] : [[name, base[name]]]));
    return {
        ...Object.fromEntries(passedOn),
        NO_PROXY: '127.0.0.1,localhost',
        no_proxy: '127.0.0.1,localhost',
        [ID_VARIABLE]: record.id,
        PATH: [dirname(process.execPath), base.PATH ?? ''].join(delimiter),
        ...files(state),
        ...network(address),
        ...functions(),
        DISABLE_EVENTS: '1',
        SKIP_SSL_CERT_DOWNLOAD: '1',
        EAGER_SERVICE_LOADING: '0',
    };
}

function files(state: StateFolder): Record<string, string> {
    return {
        HOME: state.home,
        XDG_CACHE_HOME: join(state.home, '.cache'),
        // LocalStack installs some servers (Kinesis) at their first use of each run; from this cache, once filled.
        npm_config_cache: join(state.home, '.npm'),
        npm_config_prefer_offline: 'true',
        TMPDIR: join(state.run, 'tmp'),
        FILESYSTEM_ROOT: join(state.run, 'filesystem'),
        // Inside a container LocalStack takes itself for its own image and writes to /var/lib/localstack.
        OVERRIDE_IN_DOCKER: '0',
    };
}

function network(address: string): Record<string, string> {
    return {
        GATEWAY_LISTEN: address,
        // Our plugin: LocalStack's own server takes the port from GATEWAY_LISTEN and listens on every interface.
        GATEWAY_SERVER: 'loopback',
        // Otherwise queue URLs hold a name that only the internet resolves.
        LOCALSTACK_HOST: address,
        SQS_ENDPOINT_STRATEGY: 'path',
        DNS_ADDRESS: '0',
    };
}

function functions(): Record<string, string> {
    return {
        LAMBDA_RUNTIME_EXECUTOR: 'process',
        CARTLAKE_LAMBDA_NODE: process.execPath,
        // Defaults of 1, 10 and 60 s suit a production queue and make a person wait for the first file.
        LAMBDA_EVENT_SOURCE_MAPPING_POLL_INTERVAL_SEC: '0.2',
        LAMBDA_EVENT_SOURCE_MAPPING_MAX_BACKOFF_ON_EMPTY_POLL_SEC: '0.5',
        LAMBDA_EVENT_SOURCE_MAPPING_MAX_BACKOFF_ON_ERROR_SEC: '1',
    };
}
