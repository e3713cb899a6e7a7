/**
 * A file of the reader's as text. Nothing in it is trusted: size first, then the encoding, then a look whether it is text at all.
 */
import { LabError, t, type Label, type Lang } from '@x2g/web/elements';
import { recognizeText } from '@x2g/web/lab';

/** Largest file, bytes: as much as fits beside a small model. */
export const FILE_LIMIT = 20_000_000;

const bad = (message: Label, lang: Lang): LabError => new LabError('bad_file', t(message, lang));

/** Throws LabError('bad_file') for more than FILE_LIMIT bytes: before the file is read. */
export function check_size(bytes: number, lang: Lang): void {
  const [size, limit] = [(bytes / 1e6).toFixed(1), FILE_LIMIT / 1e6];
  const message = {
    en: `This file has ${size} MB; at most ${limit} MB are read. Cut it and open it again.`,
    ja: `このファイルは${size} MBです。読めるのは${limit} MBまでなので、短くしてから開いてください。`,
  };
  if (bytes > FILE_LIMIT) throw bad(message, lang);
}

/** UTF-8, UTF-16 with its mark or Shift_JIS; line ends become \n. Throws LabError('bad_file') with what to do. */
export function text_of(bytes: Uint8Array, lang: Lang): string {
  check_size(bytes.length, lang);
  const found = recognizeText(bytes);
  const message = {
    en: 'This file is not text in UTF-8 or Shift_JIS. Choose a .txt file, or save it as UTF-8 text and open it again.',
    ja: 'このファイルは、UTF-8やShift_JISのテキストではありません。.txtファイルを選ぶか、UTF-8のテキストとして保存し直してください。',
  };
  if (!found) throw bad(message, lang);
  return found.text.replaceAll('\r\n', '\n').replaceAll('\r', '\n');
}
