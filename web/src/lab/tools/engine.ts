// The types of the table of x2g-tools (wasm/src/bindings_tools*.cpp), written by hand. Only the files beside this one use it.
// Texts go in as UTF-8 bytes: a string would lose what is no pair of surrogates.
import type { DigitEngine } from '../digits.ts';
import type {
  BpeMerge,
  CsvColumn,
  MemoryBill,
  NgramContext,
  Perplexity,
  QuantizedCodes,
  QuantizeError,
  SpecialToken,
} from './types.ts';
import type { LabeledUnigramPiece, UnigramReport } from './unigram-types.ts';

export interface Vocabulary {
  info(): { kind: string; size: number; merges: number; special: SpecialToken[] };
  encode(text: Uint8Array): Uint32Array;
  decode(ids: Uint32Array, skipSpecial: boolean): Uint8Array;
  labels(from: number, to: number): string[];
  find(text: Uint8Array): number; // −1: none
  merges(): { left: Uint32Array; right: Uint32Array; token: Uint32Array };
  write(form: string): string;
  // unigrams only
  samples(text: Uint8Array, alpha: number, seed: number, count: number): Uint32Array[];
  logProbability(text: Uint8Array): number;
  scores(from: number, to: number): Float64Array;
  delete(): void;
}

export interface BpeFields {
  unit: string;
  split: string;
  vocabulary: number;
  least: number;
}
export interface BpeTraining {
  steps(most: number): number;
  merges(from: number): BpeMerge[];
  candidates(most: number): BpeMerge[];
  info(): { size: number; merges: number; textTokens: number; textCharacters: number };
  vocabulary(): Vocabulary;
  delete(): void;
}

export interface UnigramFields {
  split: string;
  vocabulary: number;
  seedPieces: number;
  longest: number;
}
export interface UnigramTraining {
  step(): boolean;
  info(): UnigramReport;
  pieces(most: number): LabeledUnigramPiece[];
  vocabulary(): Vocabulary;
  delete(): void;
}

export interface NgramFields {
  order: number;
  vocabulary: number;
  smoothing: string;
  k: number;
  discount: number;
  most: number;
}
export interface Ngram {
  add(ids: Uint32Array): void;
  smooth(smoothing: string, k: number, discount: number): void;
  distribution(context: Uint32Array): Float64Array;
  perplexity(ids: Uint32Array): Perplexity;
  sample(context: Uint32Array, tokens: number, seed: number): Uint32Array;
  context(ids: Uint32Array): NgramContext;
  continuations(context: Uint32Array, most: number): { token: number; count: number }[];
  count(ngram: Uint32Array): number;
  info(): { kinds: number[]; tokens: number; bytes: number };
  delete(): void;
}

export interface PointFields {
  kind: string;
  n: number;
  inputs: number;
  separation: number;
  spread: number;
  factor: number;
  classes: number;
  turns: number;
  noise: number;
  seed: number;
}
export interface CurveFields {
  n: number;
  periods: number;
  noise: number;
  seed: number;
}
export interface SequenceFields {
  task: string;
  symbols: number;
  shortest: number;
  longest: number;
}
export interface QuantFields {
  format: string;
  group: string;
  block: number;
}
export interface MemoryFields {
  vocab: number;
  layers: number;
  heads: number;
  channels: number;
  context: number;
  batch: number;
  length: number;
  bias: boolean;
  geluErf: boolean;
  method: string;
  weights: string;
  gradients: string;
  activations: string;
  cache: string;
  optimizer: string;
  momentum: number;
  master: boolean;
  padded: boolean;
  rank: number;
  targets: string[];
  zeroStage: number;
  workers: number;
}

export interface ToolsEngine extends DigitEngine {
  version(): string;
  Random: new (seed: number) => {
    uniform(n: number): Float64Array;
    normal(n: number): Float64Array;
    delete(): void;
  };
  characterVocabulary(text: Uint8Array): Vocabulary;
  byteVocabulary(): Vocabulary;
  readVocabulary(json: Uint8Array): Vocabulary;
  readGpt2Vocabulary(vocab: Uint8Array, merges: Uint8Array): Vocabulary;
  BpeTraining: new (text: Uint8Array, fields: BpeFields) => BpeTraining;
  unigramVocabulary(texts: Uint8Array[], scores: Float64Array, split: string): Vocabulary;
  UnigramTraining: new (text: Uint8Array, fields: UnigramFields) => UnigramTraining;
  Ngram: new (fields: NgramFields) => Ngram;
  points(fields: PointFields): { x: Float32Array; t: Float32Array; inputs: number };
  sine(fields: CurveFields): { x: Float32Array; y: Float32Array };
  drawnCurve(
    x: Float32Array,
    y: Float32Array,
    interpolation: string,
    fields: CurveFields,
  ): { x: Float32Array; y: Float32Array };
  sequenceInfo(fields: SequenceFields): { tokens: string[]; length: number };
  sequenceExample(
    fields: SequenceFields,
    seed: number,
    index: number,
  ): { tokens: Uint32Array; answer: number };
  sequenceAnswer(fields: SequenceFields, question: Uint32Array): Uint32Array;
  sequenceRows(
    fields: SequenceFields,
    seed: number,
    first: number,
    rows: number,
    length: number,
  ): { ids: Float32Array; targets: Float32Array };
  names(style: string, count: number, seed: number): string;
  stories(language: string, bytes: number, seed: number): string;
  words(
    language: string,
    sentences: number,
    seed: number,
  ): { words: string[]; groups: string[]; group: number[]; tokens: Uint32Array };
  quantize(
    values: Float32Array,
    rows: number,
    columns: number,
    fields: QuantFields,
  ): {
    values: Float32Array;
    bytes: number;
    bitsPerNumber: number;
    error: QuantizeError;
    coded?: QuantizedCodes;
  };
  memory(fields: MemoryFields): MemoryBill;
  csv(
    utf8: Uint8Array,
    delimiter: string,
    header: string,
  ): { delimiter: string; hasHeader: boolean; rows: number; columns: CsvColumn[] };
  idx(bytes: Uint8Array): { dims: number[]; offset: number };
  idxPair(
    images: Uint8Array,
    labels: Uint8Array,
    classes: number,
  ): { count: number; height: number; width: number; pixels: number; labels: number };
}
