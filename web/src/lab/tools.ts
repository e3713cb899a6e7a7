// What stands beside graphs, reached from a page: tokenizers, n-grams, data sets, few bits, memory, tables and pictures.
// One small engine without training, in a worker of its own; opened, kept alive and replaced by the parts a session uses.
import { LabError, toLabError } from './errors.ts';
import { Lifeline } from './lifeline.ts';
import type { Link } from './link.ts';
import { firstLink, parts, type Hooks, type OpenOptions, type Parts } from './opening.ts';
import type { ToolPort } from './tools/handle.ts';
import { BpeTraining, NgramModel, Tokenizer } from './tools/handles.ts';
import type {
  BpeConfig,
  CsvOptions,
  CsvTable,
  Curve,
  DigitOptions,
  DigitSet,
  DrawnCurveOptions,
  IdxArray,
  LabeledImages,
  MemoryBill,
  MemoryPlan,
  NgramConfig,
  QuantizedMatrix,
  QuantizeOptions,
  SequenceConfig,
  SequenceExample,
  SequenceInfo,
  SequenceRows,
  SineOptions,
  ToolPointKind,
  ToolPointOptions,
  ToolPoints,
  WordCorpus,
} from './tools/types.ts';
import { UnigramTokenizer, UnigramTraining } from './tools/unigram-handles.ts';
import type { UnigramConfig, UnigramPiece } from './tools/unigram-types.ts';
import type { Capabilities, Lang, Variant } from './types.ts';

/**
 * How tools open: in a worker or on the page (default: a worker where one can start), a signal that stops the opening, and which engine:
 * the whole one (default), or one with tokenizers and n-grams only, or data sets only, half as large.
 */
export interface ToolsOptions extends Pick<OpenOptions, 'where' | 'signal'> {
  engine?: 'tools' | 'tools-text' | 'tools-data';
}

const toolParts: Parts = {
  ...parts,
  worker: async () => (await import('./tools/spawn.ts')).spawnWorker(),
  host: async () => (await import('./tools/host.ts')).ToolsHost,
};

/**
 * An engine without graphs, in a worker where one can start. Every method answers with a promise; every failure is a LabError with the
 * sentence of the core. Arrays are row-major; the same seed gives the same data everywhere.
 */
export class Tools {
  /** What these tools got: binary, worker or page, version. */
  readonly capabilities: Capabilities;
  private readonly line: Lifeline;
  private readonly failureListeners = new Set<(e: LabError, recovered: boolean) => void>();
  private readonly port: ToolPort;
  private next = 1;

  /**
   * Fetches and starts the engine.
   * @throws LabError `not_loaded`; trying again may help
   */
  static async open(o: ToolsOptions = {}, p: Parts = toolParts): Promise<Tools> {
    const stopped = (): LabError => new LabError('bad_state', 'opening was stopped by the caller');
    if (o.signal?.aborted) throw stopped();
    const { engine = 'tools' } = o;
    const source = await p.load('simd128', engine).catch((thrown: unknown) => {
      throw toLabError(thrown);
    });
    const opened: { tools?: Tools } = {};
    const hooks: Hooks = {
      onEvent: () => opened.tools?.line.sign(),
      onDeath: (error) => opened.tools?.line.died(error),
    };
    const { link, reopen } = await firstLink(source, { ...o, engine }, p, hooks);
    if (o.signal?.aborted) {
      link.close();
      throw stopped();
    }
    opened.tools = new Tools(link, () => reopen(hooks), source.variant, p.silenceMs);
    return opened.tools;
  }

  private constructor(link: Link, reopen: () => Promise<Link>, variant: Variant, silenceMs: number) {
    this.capabilities = { variant, where: link.where, version: link.version };
    this.line = new Lifeline(link, {
      silenceMs,
      reopen,
      running: () => false,
      revive: async () => undefined, // what was trained is gone; its handles say so
      onFailure: (error, recovered) => {
        for (const listener of [...this.failureListeners]) listener(error, recovered);
      },
      onClose: () => this.failureListeners.clear(),
    });
    this.port = {
      call: (name, ...args) => this.line.call('tool', name, args) as Promise<never>,
      fresh: () => this.next++,
      close: (id) => void this.line.call('closeTool', id).catch(() => undefined),
    };
  }

  /** The engine failed: with `recovered` another one took its place, without what was trained; else these tools are over. */
  onFailure(f: (e: LabError, recovered: boolean) => void): () => void {
    this.failureListeners.add(f);
    return () => this.failureListeners.delete(f);
  }

  // ── tokenizers ──────────────────────────────────────────────────────────────────────────────────────────────────

  /** One token per character of the text, in the order of their code points; at most 65,535 kinds. */
  async characterTokenizer(text: string): Promise<Tokenizer> {
    const id = this.port.fresh();
    return new Tokenizer(this.port, id, await this.port.call('characters', id, text));
  }

  /** One token per byte: 256 of them, any text has an encoding. */
  async byteTokenizer(): Promise<Tokenizer> {
    const id = this.port.fresh();
    return new Tokenizer(this.port, id, await this.port.call('bytes', id));
  }

  /**
   * Begins to learn byte pair encoding from a text of at most 8,000,000 bytes.
   * @throws LabError `invalid_argument`: the text is empty, too long, or has more characters than the vocabulary
   */
  async trainBpe(text: string, config: BpeConfig = {}): Promise<BpeTraining> {
    const id = this.port.fresh();
    return new BpeTraining(this.port, id, await this.port.call('trainBpe', id, text, config));
  }

  /**
   * Begins to look for a unigram vocabulary (Kudo 2018), in a text of at most 1,000,000 bytes.
   * @throws LabError `invalid_argument`: the text is empty or too long, or a field out of range
   */
  async trainUnigram(text: string, config: UnigramConfig = {}): Promise<UnigramTraining> {
    const id = this.port.fresh();
    return new UnigramTraining(this.port, id, await this.port.call('trainUnigram', id, text, config));
  }

  /**
   * A unigram tokenizer of pieces that are known, such as a training's. The bytes come before them: piece i has the id 256 + i.
   * @throws LabError `invalid_argument`: no pieces, one given twice, empty or too long, a score that is above 0
   */
  async unigramTokenizer(
    pieces: readonly UnigramPiece[],
    o: Pick<UnigramConfig, 'split'> = {},
  ): Promise<UnigramTokenizer> {
    const id = this.port.fresh();
    const info = await this.port.call('unigramOf', id, pieces, o.split ?? 'words');
    return new UnigramTokenizer(this.port, id, info);
  }

  /**
   * A tokenizer.json of Hugging Face's: byte pair encoding over bytes, as GPT-2's.
   * @throws LabError `bad_file` with the place of the fault
   */
  async readTokenizer(file: string | Uint8Array): Promise<Tokenizer> {
    const id = this.port.fresh();
    return new Tokenizer(this.port, id, await this.port.call('read', id, file));
  }

  /** GPT-2's two files. Errors as readTokenizer(). */
  async readGpt2Tokenizer(vocab: string | Uint8Array, merges: string | Uint8Array): Promise<Tokenizer> {
    const id = this.port.fresh();
    return new Tokenizer(this.port, id, await this.port.call('readGpt2', id, vocab, merges));
  }

  /** An n-gram model that has counted nothing yet. */
  async ngram(config: NgramConfig): Promise<NgramModel> {
    const id = this.port.fresh();
    return new NgramModel(this.port, id, await this.port.call('ngram', id, config));
  }

  // ── data sets ───────────────────────────────────────────────────────────────────────────────────────────────────

  /** The first n (to 1,048,576) random numbers of a seed, as the core draws them: in [0, 1), or with mean 0 and variance 1. */
  random(kind: 'uniform' | 'normal', n: number, seed = 1): Promise<Float64Array> {
    return this.port.call('random', kind, n, seed);
  }

  /** A truth table, clouds, circles, moons or spirals. */
  points(kind: ToolPointKind, o: ToolPointOptions = {}): Promise<ToolPoints> {
    return this.port.call('points', kind, o);
  }

  /** A sine with noise at even places. */
  sine(o: SineOptions = {}): Promise<Curve> {
    return this.port.call('sine', o);
  }

  /** The curve through points somebody drew, at `n` even places; of several with the same x the last counts. */
  drawnCurve(x: ArrayLike<number>, y: ArrayLike<number>, o: DrawnCurveOptions = {}): Promise<Curve> {
    return this.port.call('drawnCurve', x, y, o);
  }

  /** The vocabulary of a puzzle, and the length of a model that sees whole ones. */
  sequenceInfo(c: SequenceConfig): Promise<SequenceInfo> {
    return this.port.call('sequenceInfo', c);
  }

  /** Puzzle number `index` (below 2⁴⁰) of a seed. */
  sequenceExample(c: SequenceConfig, seed: number, index: number): Promise<SequenceExample> {
    return this.port.call('sequenceExample', c, seed, index);
  }

  /** The answer to a question of the puzzle, as solved by rule, "." not included. */
  sequenceAnswer(c: SequenceConfig, question: ArrayLike<number>): Promise<Uint32Array> {
    return this.port.call('sequenceAnswer', c, question);
  }

  /** Inputs and targets of puzzles `first` … `first + rows − 1` (default 0 and 16), each `length` long (default: as sequenceInfo says). */
  sequenceRows(
    c: SequenceConfig,
    o: { seed?: number; first?: number; rows?: number; length?: number } = {},
  ): Promise<SequenceRows> {
    return this.port.call('sequenceRows', c, o);
  }

  /** Different made-up names: English letters, hiragana, or the latter in Latin letters; 1 to 10,000. */
  names(style: 'en' | 'ja-kana' | 'ja-romaji', count: number, seed = 1): Promise<string[]> {
    return this.port.call('names', style, count, seed);
  }

  /** A text of about so many bytes, made from a seed. */
  stories(lang: Lang, bytes: number, seed = 1): Promise<string> {
    return this.port.call('stories', lang, bytes, seed);
  }

  /** Sentences for word vectors (skip-gram), 1 to 100,000, in which words of a group stand in the same places. */
  words(lang: Lang, sentences: number, seed = 1): Promise<WordCorpus> {
    return this.port.call('words', lang, sentences, seed);
  }

  /** Drawn digits `first` … `first + n − 1` of a seed, n 1 to 10,000: 28 × 28 pixels each, laid out like MNIST's. */
  digits(n: number, o: DigitOptions & { seed?: number; first?: number } = {}): Promise<DigitSet> {
    return this.port.call('digits', n, o.seed ?? 1, o.first ?? 0, o);
  }

  /**
   * A drawing (height · width numbers, ink above 0, sides 1 to 4096) cut to its ink and centered in 28 × 28 pixels, as the digits are.
   * Without ink: an empty picture.
   */
  fitDigit(drawing: ArrayLike<number>, width: number, height: number): Promise<Float32Array> {
    return this.port.call('fitDigit', drawing, width, height);
  }

  // ── few bits, much memory ───────────────────────────────────────────────────────────────────────────────────────

  /** A matrix (rows, columns) of finite numbers, at most 4,194,304, through a format and back. */
  quantize(
    values: ArrayLike<number>,
    rows: number,
    columns: number,
    o: QuantizeOptions,
  ): Promise<QuantizedMatrix> {
    return this.port.call('quantize', values, rows, columns, o);
  }

  /** What a GPT of any size takes in memory, by formula: nothing is built. */
  memory(plan: MemoryPlan): Promise<MemoryBill> {
    return this.port.call('memory', plan);
  }

  // ── the reader's own data ───────────────────────────────────────────────────────────────────────────────────────

  /**
   * A table of comma-separated values (RFC 4180), at most 5,000,000 bytes as UTF-8. Bytes may be UTF-8, UTF-16 with a mark or Shift_JIS.
   * @throws LabError `bad_file` with byte (of the UTF-8 form), row and column
   */
  csv(file: string | Uint8Array, o: CsvOptions = {}): Promise<CsvTable> {
    return this.port.call('csv', file, o);
  }

  /** An array of unsigned bytes in MNIST's IDX form, as it is or packed with gzip; at most 64 MB. LabError `bad_file` otherwise. */
  idx(file: Uint8Array): Promise<IdxArray> {
    return this.port.call('idx', file);
  }

  /** A file of pictures with its file of labels, each below `classes`. */
  labeledImages(images: Uint8Array, labels: Uint8Array, classes = 10): Promise<LabeledImages> {
    return this.port.call('labeledImages', images, labels, classes);
  }

  /** Ends the worker and with it all memory. Can be called again. */
  dispose(): void {
    this.line.close();
  }
}
