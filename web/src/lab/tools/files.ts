// The reader's own data beside the engine: tables and pictures. The browser decodes and unpacks, the core reads.
// Each function is one call of the page (tools.ts).
import { number, record, word } from '../checked.ts';
import { LabError } from '../errors.ts';
import { decodeText } from '../text-decoding.ts';
import { fileBytes, utf8, type Desk } from './desk.ts';
import type { CsvOptions, CsvTable, IdxArray, LabeledImages } from './types.ts';

const mostUnpacked = 64 * 2 ** 20; // bytes; MNIST's largest file has 47 million

const packed = ([first, second]: Uint8Array): boolean => first === 0x1f && second === 0x8b;

/** gzip's bytes unpacked, anything else as it is. A small file may unpack to a huge one: it stops at a limit. */
async function unpacked(bytes: Uint8Array): Promise<Uint8Array> {
  if (!packed(bytes)) return bytes;
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new DecompressionStream('gzip'));
  const reader = stream.getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw new LabError('bad_file', 'this gzip file is damaged or cut short; fetch it again', { cause });
    });
    if (done) break;
    size += value.length;
    if (size > mostUnpacked) {
      await reader.cancel().catch(() => undefined);
      throw new LabError(
        'bad_file',
        `this gzip file unpacks to more than ${mostUnpacked} bytes; no more are read`,
      );
    }
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

export const filesWork = {
  csv(d: Desk, file: string | Uint8Array, o: CsvOptions): CsvTable {
    record('the options', o);
    const { text, encoding } =
      typeof file === 'string'
        ? { text: file, encoding: 'utf-8' as const }
        : decodeText(fileBytes('the table', file));
    const delimiter = word('delimiter', o.delimiter ?? '');
    const table = d.engine.csv(utf8('the table', text), delimiter, word('header', o.header ?? 'guess'));
    return { ...table, encoding };
  },

  async idx(d: Desk, file: Uint8Array): Promise<IdxArray> {
    const bytes = await unpacked(fileBytes('the file', file));
    const { dims, offset } = d.engine.idx(bytes);
    return { dims, values: bytes.slice(offset) };
  },

  async labeledImages(
    d: Desk,
    images: Uint8Array,
    labels: Uint8Array,
    classes: number,
  ): Promise<LabeledImages> {
    const pictures = await unpacked(fileBytes('the file of images', images));
    const names = await unpacked(fileBytes('the file of labels', labels));
    const pair = d.engine.idxPair(pictures, names, number('classes', classes));
    return { ...pair, pixels: pictures.slice(pair.pixels), labels: names.slice(pair.labels) };
  },
};
