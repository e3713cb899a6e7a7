/**
 * A file of the reader's as text. Nothing in it is trusted: size first, then the encoding, then a look whether it is text at all.
 */
import { LabError, t, type Label, type Lang } from '@x2g/web/elements';

/** Largest file, bytes: as much as fits beside a small model. */
export const FILE_LIMIT = 20_000_000;

const bad = (message: Label, lang: Lang): LabError => new LabError('bad_file', t(message, lang));

function decoded(bytes: Uint8Array, lang: Lang): string {
  for (const encoding of ['utf-8', 'shift_jis']) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes); // a byte order mark is left out
    } catch {
      continue;
    }
  }
  const message = {
    en: 'This file is neither UTF-8 nor Shift_JIS text. Save it as UTF-8 text and open it again.',
    ja: 'このファイルは、UTF-8でもShift_JISでもありません。UTF-8のテキストとして保存し直してください。',
  };
  throw bad(message, lang);
}

/** Throws LabError('bad_file') for more than FILE_LIMIT bytes: before the file is read. */
export function check_size(bytes: number, lang: Lang): void {
  const [size, limit] = [(bytes / 1e6).toFixed(1), FILE_LIMIT / 1e6];
  const message = {
    en: `This file has ${size} MB; at most ${limit} MB are read. Cut it and open it again.`,
    ja: `このファイルは${size} MBです。読めるのは${limit} MBまでなので、短くしてから開いてください。`,
  };
  if (bytes > FILE_LIMIT) throw bad(message, lang);
}

/** UTF-8 or Shift_JIS; line ends become \n. Throws LabError('bad_file') with what to do. */
export function text_of(bytes: Uint8Array, lang: Lang): string {
  check_size(bytes.length, lang);
  const text = decoded(bytes, lang).replaceAll('\r\n', '\n').replaceAll('\r', '\n');
  const message = {
    en: 'This file holds zero bytes, so it is not text. Choose a .txt file.',
    ja: 'このファイルには値0のバイトがあり、テキストではありません。.txtファイルを選んでください。',
  };
  if (text.includes('\0')) throw bad(message, lang);
  return text;
}
