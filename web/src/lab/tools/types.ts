// What Tools take and give, as plain data. Ranges stand with the fields; the core checks them and says so in its errors.
import type { PointKind } from '../types.ts';

/** How byte pair encoding is trained. */
export interface BpeConfig {
  /** Tokens start as the 256 bytes (any text has an encoding) or as the characters of the text. Default bytes. */
  unit?: 'bytes' | 'characters';
  /** What no merge crosses: words as GPT-2 cuts them, ends of lines, or nothing. Default words. */
  split?: 'words' | 'lines' | 'none';
  /** Tokens at which it stops; at least those at the start, at most 65,536. Default 1000. */
  vocabulary?: number;
  /** A pair that stands fewer times is not joined; 1 or more, default 2. */
  least?: number;
}

/** A pair of tokens and the one that joining them gives. Labels are for display: "␣the", "E3 81". */
export interface BpeMerge {
  left: number;
  right: number;
  token: number;
  /** How often the pair stood in the text. */
  count: number;
  leftLabel: string;
  rightLabel: string;
  label: string;
}

/** Where a training of byte pair encoding stands. */
export interface BpeReport {
  /** Tokens in the vocabulary. */
  size: number;
  /** Merges so far. */
  merges: number;
  /** Tokens that the training text takes now. */
  textTokens: number;
  /** Characters of the training text. */
  textCharacters: number;
  /** The vocabulary is full, or no pair is frequent enough. */
  finished: boolean;
}

/** A token that is found in a text as a whole, such as "<|endoftext|>". */
export interface SpecialToken {
  id: number;
  text: string;
}

/** What a tokenizer is: how it was made, how many ids it has, how many merges, and its special tokens. */
export interface TokenizerInfo {
  kind: 'char' | 'byte' | 'bpe' | 'unigram';
  /** Ids are 0 … size − 1. */
  size: number;
  merges: number;
  special: SpecialToken[];
}

/** One token of a text. */
export interface TokenPiece {
  id: number;
  /** For display: "␣the", "⏎", "E3 81". */
  label: string;
}

/** How an n-gram model counts and smooths; sources stand in the C++ reference of Ngram. */
export interface NgramConfig {
  /** Tokens of an n-gram, 1 to 5. Default 3. */
  order?: number;
  /** Ids are below this: 1 to 65,536. A tokenizer's size. */
  vocabulary: number;
  /** Default back_off: absolute discounting with Katz's back-off (1987), sums to 1. */
  smoothing?: Smoothing;
  /** add_k: above 0, at most 1000; default 1, which is Laplace's. */
  k?: number;
  /** back_off: above 0, below 1; default 0.5. */
  discount?: number;
  /** Different n-grams of all orders kept at most, 1 to 4,000,000, about 60 bytes each. Default 2,000,000. */
  mostNgrams?: number;
}

/**
 * How an n-gram model shares out what it has not seen: not at all, Lidstone's add-k, Katz's back-off with an absolute discount,
 * or "stupid back-off" (Brants et al. 2007), here divided by its sum.
 */
export type Smoothing = 'none' | 'add_k' | 'back_off' | 'stupid';

/** What an n-gram model has counted. */
export interface NgramReport {
  /** Different n-grams by length, the first of length 1. */
  kinds: number[];
  /** Tokens counted. */
  tokens: number;
  /** Memory taken. */
  bytes: number;
}

/** How surprised a model is by a text. */
export interface Perplexity {
  /** exp(nats): a uniform guess among V tokens gives V; infinite where a token had probability 0. */
  perplexity: number;
  /** Mean of −ln p of a token. */
  nats: number;
  /** Predicted tokens. */
  tokens: number;
  /** Tokens with probability 0: only without smoothing. */
  unseen: number;
}

/** What a model knows of a context. */
export interface NgramContext {
  /** Tokens of it that count: all of them were seen together. */
  length: number;
  /** How often the whole context was followed by anything. */
  seen: number;
  /** By how many different tokens. */
  kinds: number;
}

/** Data sets in the plane: the gates and blobs of a session, and sets that no straight line separates. */
export type ToolPointKind = PointKind | 'circles' | 'moons' | 'spirals';

/** Each kind reads its own. */
export interface ToolPointOptions {
  /** Points in all, 1 to 100,000; default 100. Gates have as many as they have. */
  n?: number;
  /** Gates: 1 to 3; blobs: 1 to 64. Default 2. */
  inputs?: number;
  /** blobs: distance of the centers; default 2. */
  separation?: number;
  /** blobs: standard deviation; default 0.5. */
  spread?: number;
  /** circles: radius of the inner one, between 0 and 1; default 0.5. */
  factor?: number;
  /** spirals: arms, 2 to 8; default 2. */
  classes?: number;
  /** spirals: turns of an arm, above 0, at most 4; default 1. */
  turns?: number;
  /** Standard deviation of what is added to both coordinates, 0 to 10; default 0.1. */
  noise?: number;
  /** The same seed with more points begins with the same points. Default 1. */
  seed?: number;
}

/** Points: `x` (rows, inputs), row by row, and the class of each row, 0, 1, … */
export interface ToolPoints {
  x: Float32Array;
  t: Float32Array;
  inputs: number;
}

/** Points of a curve with rising x. */
export interface Curve {
  x: Float32Array;
  y: Float32Array;
}

/** Points of sin(2π periods x) on [0, 1] with noise. */
export interface SineOptions {
  /** 2 to 100,000; default 100. */
  n?: number;
  /** Above 0, at most 32; default 1. */
  periods?: number;
  /** Standard deviation, 0 to 10; default 0. */
  noise?: number;
  seed?: number;
}

/** How a drawn curve is read off. */
export interface DrawnCurveOptions extends Omit<SineOptions, 'periods'> {
  /** Straight between the points, or a cubic without overshoot (Fritsch and Butland 1984). Default smooth. */
  interpolation?: 'linear' | 'smooth';
}

/** A puzzle as a sequence of tokens: the question, "=", the answer, ".". */
export interface SequenceConfig {
  task: 'copy' | 'reverse' | 'sort' | 'add' | 'parity' | 'dyck' | 'recall';
  /** Different symbols of copy, reverse, sort and recall, 2 to 64; kinds of brackets of dyck, 1 to 4. Default 8, dyck 2. */
  symbols?: number;
  /** Length of the question, drawn evenly between both; default 1 and 6; 1 to 64, of add (digits of each number) to 9. */
  shortest?: number;
  longest?: number;
}

/** The vocabulary of a puzzle (id → sign; 0 is padding) and the length T of a model that sees whole examples. */
export interface SequenceInfo {
  tokens: string[];
  length: number;
}

/** One puzzle: all of its tokens, and the place of the answer's first one. */
export interface SequenceExample {
  tokens: Uint32Array;
  answer: number;
}

/** Rows of puzzles (rows, T): inputs, and targets where −1 does not count. As a graph's inputs take them. */
export interface SequenceRows {
  ids: Float32Array;
  targets: Float32Array;
}

/** A text for word vectors: `words` by id, `groups` by number, the group of each word (−1: none), and the text as ids of words. */
export interface WordCorpus {
  words: string[];
  groups: string[];
  group: number[];
  tokens: Uint32Array;
}

/** How much drawn digits differ; each is the largest amount. Defaults are the core's (C++ reference: DigitOptions). */
export interface DigitOptions {
  /** Shear to either side, width per height, 0 to 1; default 0.45. */
  slant?: number;
  /** Degrees to either side, 0 to 45; default 12. */
  rotation?: number;
  /** Standard deviation of each point of a stroke, in heights, 0 to 0.2; default 0.045. */
  bend?: number;
  /** The same of the paper, 0 to 0.3; default 0.06. */
  warp?: number;
  /** Width that a digit may lose, 0 to 0.8; default 0.4. */
  narrow?: number;
  /** Half the pen's width in heights, 0.01 to 0.2, thin at most thick; default 0.04 and 0.11. */
  thin?: number;
  thick?: number;
  /** Pixels away from the middle, 0 to 4; default 0.5. */
  shift?: number;
  /** Standard deviation of every pixel, 0 to 0.5; default 0.02. */
  noise?: number;
}

/** Pictures of digits: `pixels` (n, 28 · 28), rows from the top, ink 1 on paper 0, and the digit of each. */
export interface DigitSet {
  pixels: Float32Array;
  labels: Uint8Array;
}

/** A format of numbers: floats of 32 and 16 bits, integers of 2 to 8 bits, NF4 (Dettmers et al. 2023), and it with quantized constants. */
export type NumberFormat =
  'fp32' | 'fp16' | 'bf16' | `int${2 | 3 | 4 | 5 | 6 | 7 | 8}` | 'nf4' | 'nf4-double';

/** How a matrix is quantized; floats of 16 and 32 bits read only the format. */
export interface QuantizeOptions {
  format: NumberFormat;
  /** Numbers that share a constant: all, those of a row, or `block` in a row. Default block. */
  group?: 'tensor' | 'row' | 'block';
  /** 1 to 1,048,576; default 64. */
  block?: number;
}

/** What rounding lost. */
export interface QuantizeError {
  /** Largest |ŵ − w|. */
  max: number;
  /** Mean of (ŵ − w)². */
  meanSquare: number;
  /** Mean w² / mean (ŵ − w)² in decibels; infinite where nothing was lost. */
  snr: number;
}

/** Codes behind quantized values: ŵ = constant of its group · level of its code. */
export interface QuantizedCodes {
  /** One a number; integers −127 … 127 at most, NF4 0 … 15. */
  codes: Float32Array;
  /** One a group. */
  constants: Float32Array;
  /** By the bits of a code. */
  levels: Float32Array;
  /** Numbers of a group. */
  groupSize: number;
}

/** A matrix as it comes back from few bits, what it takes, and what was lost. `coded` is absent for floats. */
export interface QuantizedMatrix {
  values: Float32Array;
  /** Of codes and constants. */
  bytes: number;
  bitsPerNumber: number;
  error: QuantizeError;
  coded?: QuantizedCodes;
}

/** A GPT of any size, and how it is trained or asked; the C++ reference of MemoryPlan says what is counted. */
export interface MemoryPlan {
  /** 2 to 16,777,216. */
  vocab: number;
  /** 1 to 4096. */
  layers: number;
  /** 1 to 4096; channels is a multiple of it. */
  heads: number;
  /** 1 to 131,072. */
  channels: number;
  /** 2 to 16,777,216 tokens. */
  context: number;
  /** Of one worker, 1 to 1,048,576; default 1. */
  batch?: number;
  /** Tokens of a row, 0 (the default): context. */
  length?: number;
  bias?: boolean;
  geluErf?: boolean;
  /** answer: only ask. full: train every parameter. lora: train a correction of low rank. Default full. */
  method?: 'answer' | 'full' | 'lora';
  /** Of parameters; quantized ones (int…, nf4…) only with answer and lora. Default fp32. */
  weights?: NumberFormat;
  gradients?: 'fp32' | 'fp16' | 'bf16';
  activations?: 'fp32' | 'fp16' | 'bf16';
  /** Of keys and values that are kept while answering. */
  cache?: 'fp32' | 'fp16' | 'bf16';
  /** Default adamw. */
  optimizer?: 'sgd' | 'adamw' | 'nesterov' | 'rmsprop' | 'adagrad' | 'adam';
  /** sgd, rmsprop: with momentum there is one more number a parameter. Default 0. */
  momentum?: number;
  /** An fp32 copy of trained 16-bit parameters, as the optimizer keeps it. Default true. */
  master?: boolean;
  /** Every tensor on whole 64-byte lines, as the engine lays them out. Default false. */
  padded?: boolean;
  /** lora: 1 to 256, default 4. */
  rank?: number;
  /** lora: ends of the names of linear layers. Default ['attn.qkv']. */
  targets?: string[];
  /** ZeRO (Rajbhandari et al. 2020): 0 to 3. Default 0. */
  zeroStage?: number;
  /** 1 to 1,048,576; default 1. */
  workers?: number;
}

/** One kind of tensor in a bill: its formula, how many numbers, how often, bytes of all on a worker alone. */
export interface MemoryRow {
  part: 'parameters' | 'gradients' | 'optimizer' | 'activations' | 'activation_gradients' | 'cache';
  name: string;
  formula: string;
  numbers: number;
  times: number;
  bytes: number;
}

/** What a GPT takes on each worker, in bytes, and the rows it is made of. */
export interface MemoryBill {
  parameterCount: number;
  trainedCount: number;
  parameters: number;
  gradients: number;
  optimizer: number;
  activations: number;
  activationGradients: number;
  cache: number;
  total: number;
  rows: MemoryRow[];
}

/** How a table is read. */
export interface CsvOptions {
  /** Default: found out from the first rows. */
  delimiter?: ',' | ';' | '\t';
  /** Whether the first row holds names; guess, the default, looks for numbers below words. */
  header?: 'guess' | 'present' | 'absent';
}

/** A column of numbers, NaN where one is missing, or of texts. The name is empty without a header. */
export type CsvColumn =
  | { name: string; numeric: true; numbers: Float64Array; missing: number }
  | { name: string; numeric: false; cells: string[] };

/** A table by columns; rows are counted without the header. */
export interface CsvTable {
  delimiter: string;
  hasHeader: boolean;
  rows: number;
  columns: CsvColumn[];
  /** How the bytes were read as text. */
  encoding: TextEncodingName;
}

/** An encoding that is recognized in a file. */
export type TextEncodingName = 'utf-8' | 'utf-16le' | 'utf-16be' | 'shift_jis';

/** An array of bytes from an IDX file: up to four sizes, the last axis fastest. */
export interface IdxArray {
  dims: number[];
  values: Uint8Array;
}

/** Pictures with the class of each: `pixels` (count, height, width), 0 is background. */
export interface LabeledImages {
  count: number;
  height: number;
  width: number;
  pixels: Uint8Array;
  labels: Uint8Array;
}
