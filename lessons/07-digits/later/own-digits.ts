/**
 * The reader's own pictures: a file of images and a file of labels in MNIST's IDX form, as they are or packed with gzip. Loaded with the
 * first file. The core's readers check every byte; nothing leaves the page.
 */
import { LabError, t, type Lang } from '@x2g/web/elements';
import { Tools, type LabeledImages } from '@x2g/web/lab';
import { CLASSES, PIXELS, SIDE, type Digits } from '../data.ts';

/** Largest file that is read, bytes: MNIST's largest has 47 million. */
const FILE_LIMIT = 64 * 2 ** 20;
/** Most pictures that are used: 31 MB as floats. */
export const MOST = 10_000;

type Reader = Pick<Tools, 'idx' | 'labeledImages' | 'dispose'>;
interface Given {
  name: string;
  bytes: Uint8Array;
}

/** Pictures as the net takes them: the first MOST, ink 1 on paper 0. */
export function as_digits({ count, height, width, pixels, labels }: LabeledImages, lang: Lang): Digits {
  if (height !== SIDE || width !== SIDE)
    throw new LabError(
      'bad_file',
      t(
        {
          en: `These pictures are ${width} × ${height} pixels; the net takes ${SIDE} × ${SIDE}, like MNIST's.`,
          ja: `この画像は${width}×${height}画素です。ネットが受け取れるのは、MNISTと同じ${SIDE}×${SIDE}画素だけです。`,
        },
        lang,
      ),
    );
  const rows = Math.min(count, MOST);
  if (rows < 10)
    throw new LabError(
      'bad_file',
      t(
        {
          en: `The file has ${count} pictures; give at least 10.`,
          ja: `画像が${count}枚しかありません。10枚以上必要です。`,
        },
        lang,
      ),
    );
  return {
    x: Float32Array.from(pixels.subarray(0, rows * PIXELS), (v) => v / 255),
    labels: labels.slice(0, rows),
  };
}

export class OwnFiles {
  #images: Given | undefined;
  #labels: Given | undefined;
  readonly #open: () => Promise<Reader>;

  constructor(open: () => Promise<Reader> = () => Tools.open({ engine: 'tools' })) {
    this.#open = open;
  }

  /** Takes files in any order; the digits once both kinds are there, or the name of the kind that is missing. */
  async add(files: readonly File[], lang: Lang): Promise<Digits | 'images' | 'labels'> {
    const tools = await this.#open();
    try {
      for (const file of files) {
        if (file.size > FILE_LIMIT)
          throw new LabError(
            'bad_file',
            t(
              {
                en: `${file.name} has ${(file.size / 1e6).toFixed(0)} MB; at most ${(FILE_LIMIT / 1e6).toFixed(0)} MB are read.`,
                ja: `${file.name}は${(file.size / 1e6).toFixed(0)} MBです。読めるのは${(FILE_LIMIT / 1e6).toFixed(0)} MBまでです。`,
              },
              lang,
            ),
          );
        const bytes = new Uint8Array(await file.arrayBuffer());
        const { dims } = await tools.idx(bytes);
        const given = { name: file.name, bytes };
        if (dims.length === 1) this.#labels = given;
        else if (dims.length === 3) this.#images = given;
        else
          throw new LabError(
            'bad_file',
            t(
              {
                en: `${file.name} has ${dims.length} axes; pictures have 3 (how many, rows, columns), labels 1.`,
                ja: `${file.name}の軸は${dims.length}本です。画像の軸は3本（枚数、行、列）、ラベルの軸は1本です。`,
              },
              lang,
            ),
          );
      }
      if (!this.#images) return 'images';
      if (!this.#labels) return 'labels';
      const [images, labels] = [this.#images.bytes, this.#labels.bytes];
      this.#images = this.#labels = undefined; // a pair that does not fit is not tried again with the next file
      return as_digits(await tools.labeledImages(images, labels, CLASSES), lang);
    } finally {
      tools.dispose();
    }
  }
}
