import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeOf, onDisk, pathOf, uniqueName } from '#adapters/folder/disk.ts';
import { TransientError, UsageError } from '#core/errors.ts';

const failing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));

describe('onDisk', () => {
    it.each(['ENOSPC', 'EDQUOT', 'EFBIG'])('calls %s a full disk that passes', async (code) => {
        const work = onDisk('runs/plan.json', failing(code));

        await expect(work).rejects.toThrow(TransientError);
        await expect(work).rejects.toThrow(`The disk is full (${code} while writing runs/plan.json).`);
    });

    it.each(['EACCES', 'EPERM', 'EROFS'])('calls %s a matter of permission', async (code) => {
        const work = onDisk('runs', failing(code));

        await expect(work).rejects.toThrow(UsageError);
        await expect(work).rejects.toThrow(`No permission to access runs (${code}).`);
    });

    it('passes on other errors and results', async () => {
        await expect(onDisk('x', failing('EIO'))).rejects.toThrow('EIO');
        await expect(onDisk('x', () => Promise.reject('thrown text'))).rejects.toBe('thrown text');
        expect(await onDisk('x', async () => 1)).toBe(1);
    });
});

describe('pathOf', () => {
    it('stays below the root, whatever dots say', () => {
        expect(pathOf('/lake', 'a/./b/../c')).toBe(join('/lake', 'a', 'c'));
        expect(pathOf('/lake', '..a/..b')).toBe(join('/lake', '..a', '..b'));
    });

    it.each(['..', '../x', 'a/../../x', '/x', 'a\0'])('refuses %j', (key) => {
        expect(() => pathOf('/lake', key)).toThrow('points outside the lake');
    });
});

it('knows the codes of system errors only', () => {
    expect(codeOf(Object.assign(new Error('x'), { code: 'ENOENT' }))).toBe('ENOENT');
    expect(codeOf(Object.assign(new Error('x'), { code: 7 }))).toBeUndefined();
    expect(codeOf(new Error('x'))).toBeUndefined();
    expect(codeOf('ENOENT')).toBeUndefined();
});

it('makes names that begin with the process and never repeat', () => {
    const names = new Set(Array.from({ length: 100 }, uniqueName));

    expect(names.size).toBe(100);
    expect([...names].every((name) => name.startsWith(`${process.pid}-`))).toBe(true);
});
