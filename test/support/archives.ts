import { crc32, deflateRawSync } from 'node:zlib';
import { ZipFile } from 'yazl';

/** A zip archive of files, by their names; made by a library, as honest people make theirs. */
export async function zipOf(files: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
    const zip = new ZipFile();
    for (const [name, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), name);
    zip.end();
    const chunks: Buffer[] = [];
    for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
}

/** One entry of an archive that is written byte by byte, true or false. */
export interface RawEntry {
    readonly name: string;
    readonly content: Buffer;
    /** What is written instead of the deflated content. */
    readonly packed?: Buffer;
    /** What the headers say instead of the truth. */
    readonly says?: {
        readonly size?: number;
        readonly crc32?: number;
        readonly method?: number;
        readonly flags?: number;
    };
    /** Writes no data of its own: the directory leads to the data of the entry before. */
    readonly sharesData?: boolean;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const DEFLATE = 8;

/** A zip archive as a liar writes it. */
export function rawZip(entries: readonly RawEntry[]): Buffer {
    const body: Buffer[] = [];
    const directory: Buffer[] = [];
    let offset = 0;
    let last = 0;
    for (const entry of entries) {
        const packed = entry.packed ?? deflateRawSync(entry.content);
        const fields = headerFields(entry, packed.length);
        if (!entry.sharesData) {
            const local = Buffer.concat([
                word(LOCAL),
                fields,
                half(entry.name.length),
                half(0),
                Buffer.from(entry.name),
            ]);
            body.push(local, packed);
            last = offset;
            offset += local.length + packed.length;
        }
        directory.push(centralRecord(entry, fields, last));
    }
    const central = Buffer.concat(directory);
    const counts = Buffer.concat([half(0), half(0), half(entries.length), half(entries.length)]);
    return Buffer.concat([...body, central, word(END), counts, word(central.length), word(offset), half(0)]);
}

/** Version, flags, method, time, date, checksum, both sizes. */
function headerFields({ content, says = {} }: RawEntry, packedSize: number): Buffer {
    const size = says.size ?? content.length;
    return Buffer.concat([
        half(20),
        half(says.flags ?? 0),
        half(says.method ?? DEFLATE),
        half(0),
        half(0x21),
        word(says.crc32 ?? crc32(content)),
        word(packedSize),
        word(Math.min(size, 0xffffffff)),
    ]);
}

function centralRecord({ name, content, says = {} }: RawEntry, fields: Buffer, offset: number): Buffer {
    const size = says.size ?? content.length;
    const long = Buffer.alloc(12);
    long.writeUInt16LE(1, 0);
    long.writeUInt16LE(8, 2);
    long.writeBigUInt64LE(BigInt(size), 4);
    const extra = size > 0xffffffff ? long : Buffer.alloc(0);
    const tail = Buffer.concat([
        half(name.length),
        half(extra.length),
        half(0),
        half(0),
        half(0),
        word(0),
        word(offset),
    ]);
    return Buffer.concat([word(CENTRAL), half(20), fields, tail, Buffer.from(name), extra]);
}

/**
 * A deflate stream of zeros of any length, at the best ratio deflate has, made without deflating them: one block of ten
 * million zeros again and again. Returns its true size too.
 */
export function packedZeros(gigabytes: number): { packed: Buffer; size: number } {
    const block = 10_000_000;
    const times = gigabytes * 100;
    // A flush ends the block at a whole byte and forgets what was before, so that blocks can follow each other.
    const once = deflateRawSync(Buffer.alloc(block), { finishFlush: 3, level: 9 });
    const end = deflateRawSync(Buffer.alloc(0));
    return { packed: Buffer.concat([...Array.from({ length: times }, () => once), end]), size: block * times };
}

function half(value: number): Buffer {
    const bytes = Buffer.alloc(2);
    bytes.writeUInt16LE(value);
    return bytes;
}

function word(value: number): Buffer {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value >>> 0);
    return bytes;
}
