/**
 * The state of a demo as it travels: checked object <-> compact object <-> text in a link or a state="…" attribute.
 * Text is base64url of JSON; with a leading "z." the JSON was deflated. What comes in is never trusted: size caps first, then shape, then each option's own check.
 */
import { defaults, type OptionTable, type OptionValues } from './option.ts';
import { bad } from './problem.ts';

export const STATE_VERSION = 1;
/** Most bytes of JSON that a link may unpack to. */
export const STATE_LIMIT = 65536;
export const SEED_MAX = 4294967295;
/** Most steps that a link may ask to be replayed. */
export const REPLAY_MAX = 1_000_000;

export interface DemoState {
  v: number;
  slug: string;
  seed: number;
  /** Steps made since the start, when they can be replayed to the same bits; else 0. */
  step: number;
  options: Record<string, unknown>;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const own = (object: Record<string, unknown>, key: string): unknown =>
  Object.prototype.hasOwnProperty.call(object, key) ? object[key] : undefined;

export function checkSeed(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= SEED_MAX)
    return value || 0;
  throw bad(`seed is ${String(value).slice(0, 40)}; it must be a whole number from 0 to ${SEED_MAX}.`);
}

function checkStep(value: unknown): number {
  if (value === undefined) return 0;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= REPLAY_MAX)
    return value || 0;
  throw bad(`step is ${String(value).slice(0, 40)}; it must be a whole number from 0 to ${REPLAY_MAX}.`);
}

/** A complete, checked state; missing fields take their defaults. Throws LabError naming the field. */
export function parseState<O extends OptionTable>(
  value: unknown,
  slug: string,
  table: O,
  seed: number,
): DemoState & { options: OptionValues<O> } {
  if (!isRecord(value)) throw bad('A state must be an object with the fields v, seed, step and options.');
  for (const key of Object.keys(value))
    if (!['v', 'slug', 'seed', 'step', 'options'].includes(key))
      throw bad(
        `A state has no field "${key.slice(0, 40)}"; its fields are v, slug, seed, step and options.`,
      );
  const v = own(value, 'v') ?? STATE_VERSION;
  if (typeof v !== 'number' || !Number.isInteger(v) || v < 1)
    throw bad(`v is ${String(v).slice(0, 40)}; it must be a whole number from 1 to ${STATE_VERSION}.`);
  if (v > STATE_VERSION)
    throw bad(
      `This state has version ${v}; this page reads up to ${STATE_VERSION}. Reload the page for a newer one.`,
    );
  const from = own(value, 'slug');
  if (from !== undefined && from !== slug)
    throw bad(`This state belongs to the demo "${String(from).slice(0, 40)}"; this one is "${slug}".`);
  const given = own(value, 'options') ?? {};
  if (!isRecord(given)) throw bad('options must be an object.');
  const options = defaults(table) as Record<string, unknown>;
  for (const key of Object.keys(given)) {
    const o = Object.prototype.hasOwnProperty.call(table, key) ? table[key] : undefined;
    if (!o)
      throw bad(`There is no option "${key.slice(0, 40)}"; options are ${Object.keys(table).join(', ')}.`);
    options[key] = o.parse(given[key], key);
  }
  const ownSeed = own(value, 'seed');
  return {
    v,
    slug,
    seed: ownSeed === undefined ? seed : checkSeed(ownSeed),
    step: checkStep(own(value, 'step')),
    options: options as OptionValues<O>,
  };
}

/** Leaves out what equals its default, so that links stay short. */
export function compactState(state: DemoState, table: OptionTable): Partial<DemoState> {
  const start = defaults(table) as Record<string, unknown>;
  const options: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(state.options))
    if (JSON.stringify(value) !== JSON.stringify(start[key])) options[key] = value;
  return {
    v: state.v,
    seed: state.seed,
    ...(state.step > 0 ? { step: state.step } : {}),
    ...(Object.keys(options).length > 0 ? { options } : {}),
  };
}

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
