import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { toPipelineError } from '#adapters/postgres/errors.ts';
import { DataError, type PipelineError, TransientError, UsageError } from '#core/errors.ts';

const context = { server: 'db:5432/shop', table: 'sales' };

function fromServer(code: string, fields: Partial<pg.DatabaseError> = {}): PipelineError {
    return toPipelineError(Object.assign(new pg.DatabaseError('it failed', 0, 'error'), { code, ...fields }), context);
}

function fromDriver(message: string, code?: string): PipelineError {
    return toPipelineError(Object.assign(new Error(message), code === undefined ? {} : { code }), context);
}

describe('an error of the server', () => {
    it.each([
        ['57P01', /once it is up/],
        ['57P02', /once it is up/],
        ['57P03', /once it is up/],
        ['08006', /once it is up/],
        ['25P03', /once it is up/],
        ['40P01', /once it is up/],
        ['53100', /disk is full; free space/],
        ['53300', /no free connection/],
        ['55P03', /lock was not granted/],
        ['57014', /time limit/],
    ])('%s is worth a retry', (code, advice) => {
        expect(fromServer(code)).toBeInstanceOf(TransientError);
        expect(fromServer(code).message).toMatch(/^Postgres at db:5432\/shop said "it failed": /);
        expect(fromServer(code).message).toMatch(advice);
    });

    it.each([
        ['28P01', /check user and password/],
        ['3D000', /create the database/],
        ['42501', /grant the user CREATE/],
        ['25006', /takes no writes/],
    ])('%s is for the user to correct', (code, advice) => {
        expect(fromServer(code)).toBeInstanceOf(UsageError);
        expect(fromServer(code).message).toMatch(advice);
    });

    it('about rows names table, column and row', () => {
        const where = 'COPY incoming_0, line 7, column a b: "x: y"';

        const error = fromServer('22P02', { where });

        expect(error).toBeInstanceOf(DataError);
        expect(error.message).toMatch(/^marts\.sales, column a b, row 7: it failed\. The rows do not fit/);
    });

    it('outside a table names the server', () => {
        const error = toPipelineError(new pg.DatabaseError('odd', 0, 'error'), { server: 'db:5432/shop' });

        expect(error.message).toMatch(/^db:5432\/shop: odd\./);
    });

    it('of its own making is neither the rows nor worth a retry', () => {
        expect(fromServer('XX000').name).toBe('PipelineError');
        expect(fromServer('XX000').message).toBe('Postgres at db:5432/shop failed: it failed');
    });
});

describe('an error of the driver', () => {
    it.each([
        ['connect ECONNREFUSED 127.0.0.1:1', 'ECONNREFUSED'],
        ['write EPIPE', 'EPIPE'],
        ['getaddrinfo ENOTFOUND db', 'ENOTFOUND'],
        ['Connection terminated unexpectedly', undefined],
        ['timeout expired', undefined],
        ['Client has encountered a connection error and is not queryable', undefined],
    ])('is worth a retry when the connection is lost: %s', (message, code) => {
        expect(fromDriver(message, code)).toBeInstanceOf(TransientError);
        expect(fromDriver(message, code).message).toMatch(/See that it runs/);
    });

    it.each([
        ['The server does not support SSL connections', undefined],
        ['self-signed certificate in certificate chain', 'SELF_SIGNED_CERT_IN_CHAIN'],
        ["Hostname/IP does not match certificate's altnames", 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ])('about TLS is for the user to correct: %s', (message, code) => {
        expect(fromDriver(message, code)).toBeInstanceOf(UsageError);
        expect(fromDriver(message, code).message).toMatch(/sslrootcert/);
    });

    it('passes errors of the pipeline through and keeps the cause of others', () => {
        const known = new DataError('known');
        expect(toPipelineError(known, context)).toBe(known);

        const bug = new TypeError('x is not a function');
        expect(toPipelineError(bug, context)).toMatchObject({ name: 'PipelineError', cause: bug });
    });
});
