// Bytes of a file somebody chose → text: UTF-8, UTF-16 with its mark, Shift_JIS. The browser's decoders do the work; here is the order in
// which they are asked, each made to fail at the first wrong byte, so that nothing is read as garbage. Any other encoding is not text here.
import { LabError } from './errors.ts';
import type { TextEncodingName } from './tools/types.ts';

function candidates([first, second]: Uint8Array): TextEncodingName[] {
  if (first === 0xff && second === 0xfe) return ['utf-16le'];
  if (first === 0xfe && second === 0xff) return ['utf-16be'];
  return ['utf-8', 'shift_jis'];
}

/** The text without its byte order mark, and how it was encoded; null when it is none of the three, or holds characters of value 0. */
export function recognizeText(bytes: Uint8Array): { text: string; encoding: TextEncodingName } | null {
  for (const encoding of candidates(bytes)) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
      return text.includes('\0') ? null : { text, encoding };
    } catch {
      continue;
    }
  }
  return null;
}

/**
 * As recognizeText().
 * @throws LabError `bad_file` for anything else
 */
export function decodeText(bytes: Uint8Array): { text: string; encoding: TextEncodingName } {
  const found = recognizeText(bytes);
  if (found) return found;
  throw new LabError(
    'bad_file',
    'this file is not text in UTF-8, UTF-16 with a byte order mark, or Shift_JIS; save it as UTF-8 text and open it again',
  );
}
