/**
 * What lesson 21 trains: the options that the reader may vary, the presets, and the run that they make.
 * Text of the reader's own is handed in beside the options: only a short one travels in a link.
 */
import { option, type Lang, type OptionValues } from '@x2g/web/elements';

/** Longest own text that a share link carries, characters. */
export const LINK_TEXT = 4000;
/** Share of the text kept aside for the validation loss. */
export const VALIDATION = 0.1;

export interface Size {
  layers: number;
  heads: number;
  channels: number;
  context: number;
  batch: number;
  lr: number;
  steps: number;
  warmup: number;
}

/**
 * "laptop" is the small setting of nanoGPT's README (Karpathy 2022; its dropout is 0). The others were chosen by trying them on the
 * stories: "small" has the lowest validation loss after a minute on one core of 2020 (of 2 × 64, 2 × 96, 2 × 128, 1 × 128, 3 × 64).
 */
export const presets: Record<'tiny' | 'small' | 'medium' | 'laptop' | 'wide', Size> = {
  tiny: { layers: 1, heads: 2, channels: 64, context: 32, batch: 16, lr: 0.012, steps: 1500, warmup: 50 },
  small: { layers: 2, heads: 4, channels: 64, context: 48, batch: 8, lr: 0.012, steps: 2500, warmup: 50 },
  medium: { layers: 2, heads: 4, channels: 128, context: 48, batch: 8, lr: 0.004, steps: 2500, warmup: 50 },
  laptop: { layers: 4, heads: 4, channels: 128, context: 64, batch: 12, lr: 0.001, steps: 2000, warmup: 100 },
  wide: { layers: 4, heads: 6, channels: 192, context: 64, batch: 12, lr: 0.001, steps: 3000, warmup: 100 },
};
export type Preset = keyof typeof presets;

const custom = (opt: Record<string, unknown>): boolean => opt['preset'] === 'custom';
const stories = (opt: Record<string, unknown>): boolean => opt['source'] !== 'own';

export const options = {
  source: option.choice({
    values: ['auto', 'en', 'ja', 'own'],
    default: 'auto',
    control: 'select',
    label: { en: 'Text', ja: '文章' },
    names: {
      en: { auto: 'stories', en: 'stories in English', ja: 'stories in Japanese', own: 'my own text' },
      ja: { auto: '物語', en: '英語の物語', ja: '日本語の物語', own: '自分の文章' },
    },
  }),
  preset: option.choice({
    values: ['tiny', 'small', 'medium', 'laptop', 'wide', 'custom'],
    default: 'small',
    control: 'select',
    label: { en: 'Size', ja: '大きさ' },
    names: {
      en: {
        tiny: 'tiny',
        small: 'small',
        medium: 'medium',
        laptop: 'laptop (nanoGPT)',
        wide: 'wide',
        custom: 'custom',
      },
      ja: {
        tiny: '極小',
        small: '小',
        medium: '中',
        laptop: 'ノートPC（nanoGPT）',
        wide: '大',
        custom: '自分で決める',
      },
    },
  }),
  kilobytes: option.int({
    min: 5,
    max: 8000,
    default: 1000,
    control: 'number',
    more: true,
    when: stories,
    label: { en: 'Stories, kilobytes', ja: '物語の量（キロバイト）' },
  }),
  tokenizer: option.choice({
    values: ['char', 'byte'],
    default: 'char',
    more: true,
    label: { en: 'Tokens', ja: 'トークン' },
    names: { en: { char: 'characters', byte: 'bytes' }, ja: { char: '文字', byte: 'バイト' } },
  }),
  rate: option.number({
    min: 0,
    max: 1000,
    default: 1,
    live: true,
    more: true,
    label: { en: 'Learning rate, times the preset’s', ja: '学習率（プリセットの何倍か）' },
  }),
  warm: option.flag({
    default: true,
    more: true,
    label: { en: 'Warm-up and cosine', ja: 'ウォームアップとコサイン' },
  }),
  workers: option.int({
    min: 0,
    max: 8,
    default: 0,
    control: 'number',
    more: true,
    label: { en: 'Workers, one core each (0 = automatic)', ja: 'ワーカー（各1コア、0＝自動）' },
  }),
  layers: option.int({
    min: 1,
    max: 12,
    default: 3,
    control: 'number',
    more: true,
    when: custom,
    label: { en: 'Layers', ja: '層' },
  }),
  heads: option.int({
    min: 1,
    max: 16,
    default: 4,
    control: 'number',
    more: true,
    when: custom,
    label: { en: 'Heads', ja: 'ヘッド' },
  }),
  channels: option.int({
    min: 4,
    max: 512,
    step: 4,
    default: 96,
    control: 'number',
    more: true,
    when: custom,
    label: { en: 'Channels', ja: 'チャネル' },
  }),
  context: option.int({
    min: 2,
    max: 512,
    default: 64,
    control: 'number',
    more: true,
    when: custom,
    label: { en: 'Window, tokens', ja: '窓（トークン数）' },
  }),
  batch: option.int({
    min: 1,
    max: 64,
    default: 8,
    control: 'number',
    more: true,
    when: custom,
    label: { en: 'Batch', ja: 'バッチ' },
  }),
  steps: option.int({
    min: 10,
    max: 100000,
    default: 2000,
    control: 'number',
    more: true,
    when: custom,
    label: { en: 'Steps', ja: 'ステップ数' },
  }),
  bias: option.flag({
    default: false,
    more: true,
    when: custom,
    label: { en: 'Biases', ja: 'バイアス' },
  }),
  erf: option.flag({
    default: false,
    more: true,
    when: custom,
    label: { en: 'Exact GELU (erf)', ja: '厳密なGELU（erf）' },
  }),
  prompt: option.text({ max: 200, default: '', view: true }), // drawn beside the samples
  temperature: option.number({
    min: 0,
    max: 5,
    step: 0.05,
    default: 0.8,
    control: 'range',
    view: true,
    label: { en: 'Temperature', ja: '温度' },
  }),
  topk: option.int({
    min: 0,
    max: 200,
    default: 0,
    control: 'number',
    view: true,
    more: true,
    label: { en: 'Top-k (0 = all)', ja: 'top-k（0＝すべて）' },
  }),
  text: option.text({ max: LINK_TEXT, default: '' }),
};
export type Values = OptionValues<typeof options>;

export function size_of(opt: Values): Size {
  if (opt.preset !== 'custom') return presets[opt.preset];
  const { layers, heads, channels, context, batch, steps } = opt;
  return {
    layers,
    heads,
    channels,
    context,
    batch,
    steps,
    lr: Math.min(0.012, 0.6 / channels),
    warmup: Math.min(100, Math.floor(steps / 10)),
  };
}

/** Floating-point operations of a training step: six for each weight of the blocks and each token. */
const flops = ({ layers, channels, batch, context }: Size): number =>
  6 * 12 * layers * channels ** 2 * batch * context;
/** Below this a step takes less than about 15 ms, of which meeting each other would be a noticeable part. */
const WORTH_SHARING = 0.6e9;

/**
 * How many workers train: the largest number up to what was chosen that divides the batch. 0: one for a small model; for others one
 * for each core, or half as many from four on, because processors count two threads a core and the page needs one; at most 4.
 */
export function workers_of(opt: Values, cores: number): number {
  const size = size_of(opt);
  const most = Math.max(1, Math.min(4, cores < 4 ? cores : Math.floor(cores / 2)));
  let n = opt.workers || (flops(size) < WORTH_SHARING ? 1 : most);
  while (size.batch % n !== 0) n -= 1;
  return n;
}
/** The option as it travels: the number decides the last bits, and 0 may be another one elsewhere, unless the model is small. */
export const workers_said = (opt: Values, cores: number): number =>
  flops(size_of(opt)) < WORTH_SHARING ? opt.workers : workers_of(opt, cores);
/** Of this device. */
export const cores = (): number => (typeof navigator === 'object' && navigator.hardwareConcurrency) || 1;

/** Language of the stories: as chosen, else the page's. */
export const story_lang = (opt: Values, page: Lang): Lang =>
  opt.source === 'ja' || opt.source === 'en' ? opt.source : page;

/** A text too short to keep a tenth of it aside is trained on as a whole. */
const share_aside = (text: string, context: number): number =>
  text.length * VALIDATION < 2 * context ? 0 : VALIDATION;

/** `own`: the reader's text, used when opt.source is 'own'. While there is none, stories stand in for it. */
export function model(opt: Values, seed: number, page: Lang, own: string) {
  const size = size_of(opt);
  const lr = size.lr * opt.rate;
  const is_own = opt.source === 'own' && own !== '';
  const corpus = is_own
    ? { kind: 'text' as const, text: own }
    : { kind: 'stories' as const, lang: story_lang(opt, page), bytes: opt.kilobytes * 1000, seed: 1 };
  return {
    kind: 'gpt' as const,
    layers: size.layers,
    heads: size.heads,
    channels: size.channels,
    context: size.context,
    batch: size.batch,
    workers: workers_of(opt, cores()),
    bias: opt.preset === 'custom' && opt.bias,
    geluErf: opt.preset === 'laptop' || (opt.preset === 'custom' && opt.erf),
    tokenizer: opt.tokenizer,
    corpus,
    validation: is_own ? share_aside(own, size.context) : VALIDATION,
    optimizer: {
      kind: 'adamw' as const,
      lr,
      beta1: 0.9,
      beta2: 0.99,
      weightDecay: 0.1,
      clip: 1,
      ...(opt.warm ? { warmup: size.warmup, total: size.steps, minLr: lr / 10 } : {}),
    },
    seed,
    evalEvery: 100,
    evalBatches: 8,
  };
}
