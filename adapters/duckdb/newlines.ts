import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Writes a copy of a text file in which every line ends in `\n`, and returns its path. */
export async function withEqualNewlines(path: string, folder: string): Promise<string> {
    const target = join(folder, 'newlines.csv');
    let endedInReturn = false;
    const equal = new Transform({
        transform(chunk: Buffer, _encoding, done) {
            let text = chunk.toString('latin1');
            // The other half of a pair that the chunks cut apart.
            if (endedInReturn && text.startsWith('\n')) text = text.slice(1);
            endedInReturn = text === '' ? endedInReturn : text.endsWith('\r');
            done(null, Buffer.from(text.replaceAll(/\r\n?/g, '\n'), 'latin1'));
        },
    });
    await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), equal, createWriteStream(target));
    return target;
}
