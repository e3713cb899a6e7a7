/**
 * What a safetensors file of GPT-2 names says about the model in it, so that the demo can be set up for it: shapes, heads, characters.
 * Reads the header only (length in 8 bytes, then JSON) and trusts nothing in it; the engine checks every tensor when it loads the file.
 */
import { LabError } from '@x2g/web/elements';

export interface WeightsFile {
  layers: number;
  heads: number;
  channels: number;
  context: number;
  bias: boolean;
  erf: boolean;
  tokenizer: 'char' | 'byte';
  /** Characters by id; empty for bytes. */
  vocabulary: string;
}

const HEADER_LIMIT = 10_000_000; // bytes

function bad(message: string): LabError {
  return new LabError('bad_file', message);
}
const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

function header_of(bytes: Uint8Array): Record<string, unknown> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length >= 8 ? Number(view.getBigUint64(0, true)) : NaN;
  if (!(length > 0 && length <= HEADER_LIMIT && 8 + length <= bytes.length))
    throw bad('this is not a safetensors file: its first 8 bytes give no length of a header.');
  try {
    return record(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))));
  } catch {
    throw bad('this is not a safetensors file: its header is not JSON.');
  }
}

export function describe(bytes: Uint8Array): WeightsFile {
  const header = header_of(bytes);
  const meta = record(header['__metadata__']);
  const tensor = (name: string) => record(header[`transformer.${name}`] ?? header[name]);
  const shape = (name: string): [number, number] => {
    const of = tensor(name)['shape'];
    const [a, b] = Array.isArray(of) ? (of as unknown[]) : [];
    if (typeof a !== 'number' || typeof b !== 'number')
      throw bad(`there is no matrix "${name}" in the file; weights of a GPT-2 have it.`);
    return [a, b];
  };
  const [vocab, channels] = shape('wte.weight');
  const [context] = shape('wpe.weight');
  let layers = 0;
  while ('shape' in tensor(`h.${layers}.ln_1.weight`)) layers += 1;
  const tokenizer = meta['x2g.tokenizer'];
  const vocabulary = tokenizer === 'char' ? String(meta['x2g.vocabulary'] ?? '') : '';
  if (tokenizer === 'bpe')
    throw bad(
      `the model reads byte pairs (BPE, ${vocab} tokens). This page trains on characters or on the 256 bytes; x2g sample and x2g train --resume go on with this file.`,
    );
  if (tokenizer !== 'char' && !(tokenizer === 'byte' || vocab === 256))
    throw bad(
      `the model has ${vocab} tokens, and the file does not say which. This page trains on characters or on the 256 bytes.`,
    );
  return {
    layers,
    heads: Number(meta['x2g.heads'] ?? Math.max(1, Math.floor(channels / 64))),
    channels,
    context,
    bias: meta['x2g.bias'] !== 'no' && 'shape' in tensor('h.0.attn.c_attn.bias'),
    erf: meta['x2g.gelu'] === 'erf',
    tokenizer: tokenizer === 'char' ? 'char' : 'byte',
    vocabulary,
  };
}

/** `text` with exactly the characters of a vocabulary, in which the weights can be trained on: others are left out, missing ones listed first. */
export function text_for(vocabulary: string, text: string): string {
  const known = new Set(vocabulary);
  const kept = Array.from(text).filter((c) => known.has(c));
  const there = new Set(kept);
  return Array.from(known)
    .filter((c) => !there.has(c))
    .concat(kept)
    .join('');
}

/** Of several texts the one of which a vocabulary knows the largest share, the first of equals. */
export function best_known(vocabulary: string, texts: readonly string[]): string {
  const known = new Set(vocabulary);
  const share = (text: string): number => {
    const characters = Array.from(text.slice(0, 20_000));
    return characters.filter((c) => known.has(c)).length / Math.max(1, characters.length);
  };
  const shares = texts.map(share);
  return texts[shares.indexOf(Math.max(...shares))] ?? '';
}
