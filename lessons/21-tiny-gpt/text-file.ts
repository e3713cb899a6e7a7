/**
 * A file of the reader's as text. Nothing in it is trusted: size first, then the encoding, then a look whether it is text at all.
 */
import { LabError } from '@x2g/web/elements';

/** Largest file, bytes: as much as fits beside a small model. */
export const FILE_LIMIT = 20_000_000;

function bad(message: string): LabError {
  return new LabError('bad_file', message);
}

function decoded(bytes: Uint8Array): string {
  for (const encoding of ['utf-8', 'shift_jis']) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes); // a byte order mark is left out
    } catch {
      continue;
    }
  }
  throw bad('the file is neither UTF-8 nor Shift_JIS text. Save it as UTF-8 text and drop it again.');
}

/** Throws LabError('bad_file') for more than FILE_LIMIT bytes: before the file is read. */
export function check_size(bytes: number): void {
  if (bytes > FILE_LIMIT)
    throw bad(
      `the file has ${(bytes / 1e6).toFixed(1)} MB; at most ${FILE_LIMIT / 1e6} MB are read. Cut it and drop it again.`,
    );
}

/** UTF-8 or Shift_JIS; line ends become \n. Throws LabError('bad_file') with what to do. */
export function text_of(bytes: Uint8Array): string {
  check_size(bytes.length);
  const text = decoded(bytes).replaceAll('\r\n', '\n').replaceAll('\r', '\n');
  if (text.includes('\0')) throw bad('the file holds zero bytes, so it is not text. Choose a .txt file.');
  return text;
}
