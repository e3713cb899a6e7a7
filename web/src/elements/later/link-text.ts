/**
 * A demo's state as text in a link or a state="…" attribute: base64url of JSON; with a leading "z." the JSON was deflated.
 * Size caps come first: nothing larger than STATE_LIMIT is unpacked. The object is checked by parseState (../state.ts).
 */
import { bad } from '../problem.ts';
import type { DemoState } from '../state.ts';

/** Most characters that a state takes in a link that is handed out: mail and chat programs cut longer ones. */
export const LINK_LIMIT = 8000;
/** Most bytes of JSON that a link may unpack to. */
export const STATE_LIMIT = 65536;

function toBase64url(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/u, '');
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[\w-]*$/u.test(text)) throw bad('A link may hold only letters, digits, - and _ after the = sign.');
  try {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
  } catch {
    throw bad('The link is cut off or changed: it is not base64url. Copy it again.');
  }
}

/** Reads a stream up to STATE_LIMIT bytes; a longer one (a deflate bomb) is refused without unpacking the rest. */
async function readCapped(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const reader = stream.getReader();
  const parts: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    total += value.length;
    if (total > STATE_LIMIT) {
      void reader.cancel().catch(() => undefined);
      throw bad(`The link unpacks to more than ${STATE_LIMIT} bytes; that is the most a state may have.`);
    }
    parts.push(value);
  }
  const out = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

const streamOf = (bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> =>
  new Blob([bytes]).stream() as ReadableStream<Uint8Array<ArrayBuffer>>;

/** The state's text for a link; too long a one is refused: a file holds it. */
export async function linkState(state: Partial<DemoState>): Promise<string> {
  const text = await encodeState(state);
  if (text.length > LINK_LIMIT)
    throw bad(
      `This state takes ${text.length} characters; a link holds at most ${LINK_LIMIT}. Save it as a file: "Run (run.json)" below.`,
    );
  return text;
}

export async function encodeState(state: Partial<DemoState>): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(state));
  if (bytes.length > STATE_LIMIT)
    throw bad(
      `This state has ${bytes.length} bytes; a link holds at most ${STATE_LIMIT}. Use a smaller text or fewer points.`,
    );
  const plain = toBase64url(bytes);
  if (bytes.length < 160 || typeof CompressionStream === 'undefined') return plain;
  const packed = await readCapped(streamOf(bytes).pipeThrough(new CompressionStream('deflate-raw')));
  const short = `z.${toBase64url(packed)}`;
  return short.length < plain.length ? short : plain;
}

/** The object that stands in a link's text, not yet checked: hand it to parseState. */
export async function decodeState(text: string): Promise<unknown> {
  if (text.length > 2 * STATE_LIMIT)
    throw bad(`The link has ${text.length} characters; at most ${2 * STATE_LIMIT} are read.`);
  const packed = text.startsWith('z.');
  let bytes: Uint8Array = fromBase64url(packed ? text.slice(2) : text);
  if (packed) {
    if (typeof DecompressionStream === 'undefined')
      throw bad('This browser cannot unpack the link. Use a newer one.');
    try {
      bytes = await readCapped(
        streamOf(bytes as Uint8Array<ArrayBuffer>).pipeThrough(new DecompressionStream('deflate-raw')),
      );
    } catch (reason) {
      if (reason instanceof Error && 'code' in reason && reason.code === 'invalid_argument') throw reason;
      throw bad('The link is cut off or changed: it cannot be unpacked. Copy it again.');
    }
  }
  if (bytes.length > STATE_LIMIT)
    throw bad(`The link holds ${bytes.length} bytes; at most ${STATE_LIMIT} are read.`);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch {
    throw bad('The link is cut off or changed: it does not hold a state. Copy it again.');
  }
}
