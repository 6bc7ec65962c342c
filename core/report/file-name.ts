import { createHash } from 'node:crypto';

/**
 * A file name for a name that comes from data: readable where the name is plain, and with a hash where letters had
 * to be replaced, so that two names never share a file.
 */
export function safeFileName(name: string): string {
    const plain = name.replaceAll(/[^A-Za-z0-9_-]+/g, '-').slice(0, 80);
    if (plain === name && name !== '') return name;
    return `${plain}-${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;
}
