import { describe, expect, it } from 'vitest';
import { clientEnvironment, clientVariables, endpointOf, parsePort } from '../../../localstack/environment.ts';

describe('the environment of clients', () => {
    it('points at the server by its address', () => {
        expect(endpointOf(4577)).toBe('http://127.0.0.1:4577');
        expect(clientVariables(4577).AWS_ENDPOINT_URL).toBe('http://127.0.0.1:4577');
    });

    it('keeps nothing that could reach a real account', () => {
        const shell = { PATH: '/bin', AWS_PROFILE: 'production', AWS_SESSION_TOKEN: 'x', CDK_DEFAULT_ACCOUNT: '1' };

        const env = clientEnvironment(4566, shell);

        expect(env).toMatchObject({ PATH: '/bin', AWS_ACCESS_KEY_ID: 'test', CDK_DEFAULT_ACCOUNT: '000000000000' });
        expect(env).not.toHaveProperty('AWS_PROFILE');
        expect(env).not.toHaveProperty('AWS_SESSION_TOKEN');
        expect(env.AWS_SHARED_CREDENTIALS_FILE).toBe('/dev/null');
    });

    it.each(['80', '65536', '4566x', '', '1e4', '-4566'])('refuses the port "%s"', (text) => {
        expect(() => parsePort(text, '--port')).toThrow(
            `--port must be a port from 1024 to 65535, found "${text}". The default is 4566.`,
        );
    });

    it('takes a port of the allowed range', () => {
        expect(parsePort('1024', '--port')).toBe(1024);
    });
});
