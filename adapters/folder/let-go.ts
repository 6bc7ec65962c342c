/**
 * Gives the memory of bytes back at once, which must not be used any more; does nothing where they share it with others.
 * The collector of garbage would do it later: unpacking makes so many bytes that it would hardly do anything else, and
 * the process would be larger by what waits for it.
 */
export function letGo(bytes: Buffer): void {
    const { buffer, byteOffset, length } = bytes;
    // Inflating takes a byte more than there is. A part of an archive stands behind its header; a shared pool is larger.
    const isAlone = byteOffset === 0 && buffer.byteLength - length <= 1;
    if (isAlone && buffer instanceof ArrayBuffer) buffer.transfer(0);
}
