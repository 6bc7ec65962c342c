/** Whether bytes begin as a zip archive does: with a file, or empty. */
export function isZip(head: Buffer): boolean {
    const start = head.subarray(0, 4).toString('latin1');
    return start === 'PK\x03\x04' || start === 'PK\x05\x06';
}

export function isGzip(head: Buffer): boolean {
    return head[0] === 0x1f && head[1] === 0x8b;
}
