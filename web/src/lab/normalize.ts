// A run's config as pages write it → the fields that the engine's table takes: defaults filled in, kinds of values checked.
// Ranges are the core's business; here it is only made sure that a number is a number and an array an array.
import type { GptFields, MlpFields, OptimizerFields, PerceptronFields } from './engine.ts';
import { LabError } from './errors.ts';
import type { GptConfig, MlpConfig, OptimizerConfig, PerceptronConfig, RunConfig } from './types.ts';

function bad(field: string, value: unknown, wanted: string): LabError {
  const shown = typeof value === 'string' ? `"${value.slice(0, 40)}"` : String(value).slice(0, 40);
  return new LabError('invalid_argument', `${field} is ${shown}; it must be ${wanted}`);
}

export function number(field: string, value: unknown, fallback?: number): number {
  if (value === undefined && fallback !== undefined) return fallback;
  if (typeof value !== 'number' || Number.isNaN(value)) throw bad(field, value, 'a number');
  return value;
}

export function flag(field: string, value: unknown, fallback?: boolean): boolean {
  if (value === undefined && fallback !== undefined) return fallback;
  if (typeof value !== 'boolean') throw bad(field, value, 'true or false');
  return value;
}

export function word(field: string, value: unknown): string {
  if (typeof value !== 'string') throw bad(field, value, 'a text');
  return value;
}

const mostElements = 16 * 1024 * 1024;

function checkedArray(field: string, value: unknown): ArrayLike<number> {
  const isArray = Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value);
  if (!isArray) throw bad(field, value, 'an array of numbers');
  const array = value as ArrayLike<number>;
  if (array.length > mostElements) {
    throw new LabError(
      'out_of_memory',
      `${field} has ${array.length} numbers; at most ${mostElements} are allowed`,
    );
  }
  return array;
}

/** Float32Array or Float64Array of the same numbers; what is no number becomes NaN, which the core refuses by its place. */
export function floats(field: string, value: unknown): Float32Array {
  return value instanceof Float32Array ? value : Float32Array.from(checkedArray(field, value), Number);
}
export function doubles(field: string, value: unknown): Float64Array {
  return value instanceof Float64Array ? value : Float64Array.from(checkedArray(field, value), Number);
}

function record(field: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) throw bad(field, value, 'an object');
}

export function optimizerFields(c: OptimizerConfig): OptimizerFields {
  record('optimizer', c);
  return {
    kind: word('optimizer.kind', c.kind),
    lr: number('optimizer.lr', c.lr),
    momentum: number('optimizer.momentum', c.momentum, 0),
    beta1: number('optimizer.beta1', c.beta1, 0.9),
    beta2: number('optimizer.beta2', c.beta2, 0.999),
    eps: number('optimizer.eps', c.eps, 1e-8),
    weightDecay: number('optimizer.weightDecay', c.weightDecay, 0),
    clip: number('optimizer.clip', c.clip, 0),
    warmup: number('optimizer.warmup', c.warmup, 0),
    total: number('optimizer.total', c.total, 0),
    minLr: number('optimizer.minLr', c.minLr, 0),
  };
}

export function perceptronFields(c: PerceptronConfig): PerceptronFields {
  return {
    inputs: number('inputs', c.inputs),
    x: floats('x', c.x),
    t: floats('t', c.t),
    firesAtZero: flag('firesAtZero', c.firesAtZero),
    rate: number('rate', c.rate),
    shuffled: flag('shuffled', c.shuffled),
    start: doubles('start', c.start ?? []),
    seed: number('seed', c.seed),
  };
}

export function mlpFields(c: MlpConfig): MlpFields {
  record('init', c.init);
  return {
    sizes: doubles('sizes', c.sizes),
    hidden: word('hidden', c.hidden),
    output: word('output', c.output),
    loss: word('loss', c.loss),
    init: word('init.kind', c.init.kind),
    initA: number('init.a', c.init.a, 0),
    bias: flag('bias', c.bias, true),
    batch: number('batch', c.batch, 0),
    x: floats('x', c.x),
    t: floats('t', c.t),
    optimizer: optimizerFields(c.optimizer),
    seed: number('seed', c.seed),
  };
}

export function gptFields(c: GptConfig): GptFields {
  record('corpus', c.corpus);
  const own = c.corpus.kind === 'text' ? c.corpus : undefined;
  const made = c.corpus.kind === 'stories' ? c.corpus : undefined;
  if (!own && !made) throw bad('corpus.kind', (c.corpus as { kind: unknown }).kind, '"stories" or "text"');
  if (made && made.lang !== 'en' && made.lang !== 'ja') throw bad('corpus.lang', made.lang, '"en" or "ja"');
  if (own && word('corpus.text', own.text).length > 64e6) {
    throw new LabError(
      'out_of_memory',
      `the text has ${own.text.length} characters; at most 64 million are read`,
    );
  }
  number('evalEvery', c.evalEvery);
  number('evalBatches', c.evalBatches);
  return {
    layers: number('layers', c.layers),
    heads: number('heads', c.heads),
    channels: number('channels', c.channels),
    context: number('context', c.context),
    batch: number('batch', c.batch),
    bias: flag('bias', c.bias),
    geluErf: flag('geluErf', c.geluErf, false),
    tokenizer: word('tokenizer', c.tokenizer),
    language: made?.lang ?? '',
    text: own?.text ?? '',
    storyBytes: number('corpus.bytes', made?.bytes, 0),
    storySeed: number('corpus.seed', made?.seed, 0),
    validation: number('validation', c.validation),
    optimizer: optimizerFields(c.optimizer),
    seed: number('seed', c.seed),
  };
}

/** The same config with another seed, and with what was changed while it ran. */
export function withSeed(c: RunConfig, seed: number): RunConfig {
  return { ...c, seed: number('seed', seed) };
}

export function withChanges(c: RunConfig, changes: Partial<OptimizerConfig> | { rate: number }): RunConfig {
  record('the change', changes);
  if (c.kind === 'perceptron') {
    return { ...c, rate: number('rate', (changes as { rate?: unknown }).rate) };
  }
  return { ...c, optimizer: { ...c.optimizer, ...(changes as Partial<OptimizerConfig>) } };
}
