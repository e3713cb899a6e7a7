// A run's config as pages write it → the fields that the engine's table takes: defaults filled in, kinds of values checked (checked.ts).
import { bad, doubles, flag, floats, number, record, word } from './checked.ts';
import type { GptFields, MlpFields, OptimizerFields, PerceptronFields } from './engine.ts';
import { LabError } from './errors.ts';
import type { GptConfig, MlpConfig, OptimizerConfig, PerceptronConfig } from './types.ts';

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
    schedule: word('optimizer.schedule', c.schedule ?? 'warmup_cosine'),
    clipValue: number('optimizer.clipValue', c.clipValue, 0),
    alpha: number('optimizer.alpha', c.alpha, 0.99),
    decayEvery: number('optimizer.decayEvery', c.decayEvery, 0),
    gamma: number('optimizer.gamma', c.gamma, 0.1),
    rise: number('optimizer.rise', c.rise, 0.3),
    div: number('optimizer.div', c.div, 25),
    finalDiv: number('optimizer.finalDiv', c.finalDiv, 1e4),
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

/** Numbers kept per weight, as OptimizerConfig::state_slots of the core counts them. */
export function stateSlots({ kind, momentum }: OptimizerFields): number {
  if (kind === 'adam' || kind === 'adamw') return 2;
  if (kind === 'rmsprop') return momentum > 0 ? 2 : 1;
  if (kind === 'nesterov' || kind === 'adagrad') return 1;
  return momentum > 0 ? 1 : 0;
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
    shuffled: flag('shuffled', c.shuffled, true),
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
    shares: 1,
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
