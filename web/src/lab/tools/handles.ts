// What Tools hand out besides plain data: tokenizers, a training of merges, n-gram models. They live beside the engine and are known here
// by a number; dispose() gives their memory back. After a failure of the engine they are gone, and every call says so. Unigrams:
// unigram-handles.ts.
import { ReportingHandle, ToolHandle, type ToolPort } from './handle.ts';
import type {
  BpeMerge,
  BpeReport,
  NgramContext,
  NgramReport,
  Perplexity,
  Smoothing,
  TokenizerInfo,
  TokenPiece,
} from './types.ts';

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true }); // a mark is a character of the text

/** A vocabulary: text to whole numbers (ids) and back. Text is any string; half a surrogate pair is read as U+FFFD. */
export class Tokenizer extends ToolHandle {
  /** How it was made, its size, its merges and special tokens. */
  readonly info: TokenizerInfo;

  /** @internal */
  constructor(port: ToolPort, id: number, info: TokenizerInfo) {
    super(port, id);
    this.info = info;
  }

  /** Ids are 0 … size − 1. */
  get size(): number {
    return this.info.size;
  }

  /**
   * The ids of a text.
   * @throws LabError `invalid_argument` naming a character that the vocabulary lacks and its place in UTF-8 bytes
   */
  encode(text: string): Promise<Uint32Array> {
    return this.port.call('encode', this.id, text);
  }

  /**
   * The text of ids. A character whose bytes are not all there becomes U+FFFD.
   * @param o skipSpecial: special tokens are left out
   * @throws LabError `invalid_argument` for an id that is none
   */
  async decode(ids: ArrayLike<number>, o: { skipSpecial?: boolean } = {}): Promise<string> {
    return utf8.decode(await this.bytes(ids, o));
  }

  /** The UTF-8 bytes of ids: exact, also where a token is a part of a character. */
  bytes(ids: ArrayLike<number>, o: { skipSpecial?: boolean } = {}): Promise<Uint8Array> {
    return this.port.call('decode', this.id, ids, o.skipSpecial ?? false);
  }

  /** A text's tokens with what to show for each. */
  pieces(text: string): Promise<TokenPiece[]> {
    return this.port.call('pieces', this.id, text);
  }

  /** What to show for the ids `from` … `to` − 1; all of them by default. */
  labels(from = 0, to?: number): Promise<string[]> {
    return this.port.call('labels', this.id, from, to);
  }

  /** The id of a token by its text; null when no token is exactly that. */
  find(token: string): Promise<number | null> {
    return this.port.call('find', this.id, token);
  }

  /** Pairs and what they become, in the order in which they are joined. Empty for characters and bytes. */
  merges(): Promise<{ left: Uint32Array; right: Uint32Array; token: Uint32Array }> {
    return this.port.call('merges', this.id);
  }

  /**
   * The text of a tokenizer.json as Hugging Face's tokenizers read it.
   * @throws LabError for a vocabulary that the form cannot hold: characters, lines, unigrams
   */
  save(): Promise<string> {
    return this.port.call('write', this.id, 'tokenizer.json');
  }

  /** The texts of GPT-2's two files, vocab.json and merges.txt. Errors as save(). */
  async saveGpt2(): Promise<{ vocab: string; merges: string }> {
    const [vocab, merges] = await Promise.all(
      ['vocab.json', 'merges.txt'].map((form) => this.port.call('write', this.id, form)),
    );
    return { vocab: vocab ?? '', merges: merges ?? '' };
  }
}

/** Byte pair encoding being learned: each step joins the most frequent pair (Sennrich, Haddow and Birch 2016). */
export class BpeTraining extends ReportingHandle<BpeReport> {
  /**
   * Joins up to n pairs; the merges in their order. `report.finished` when there was nothing more to join. Calls wait for none other.
   * @param n whole, 0 to 65,536
   */
  async step(n = 1): Promise<BpeMerge[]> {
    const { merges, report } = await this.port.call('bpeStep', this.id, n);
    this.last = report;
    return merges;
  }

  /** The most frequent pairs now, at most `most` (to 1000): the first is what step() joins next. */
  candidates(most = 10): Promise<BpeMerge[]> {
    return this.port.call('bpeCandidates', this.id, most);
  }

  /** The vocabulary as far as it has come; training can go on. */
  async tokenizer(): Promise<Tokenizer> {
    const id = this.port.fresh();
    return new Tokenizer(this.port, id, await this.port.call('bpeTokenizer', id, this.id));
  }
}

/** Counts of n-grams over token ids, and what they expect next. No neural network. */
export class NgramModel extends ReportingHandle<NgramReport> {
  /**
   * Counts one sequence; sequences do not run into each other.
   * @throws LabError `out_of_memory` at mostNgrams: what came before stays counted
   */
  async fit(ids: ArrayLike<number>): Promise<NgramReport> {
    this.last = await this.port.call('ngramFit', this.id, ids);
    return this.last;
  }

  /** Another way to smooth the same counts. */
  smooth(smoothing: Smoothing, o: { k?: number; discount?: number } = {}): Promise<void> {
    return this.port.call('ngramSmooth', this.id, smoothing, o.k ?? 1, o.discount ?? 0.5);
  }

  /** p(w | context) of every token by id. Sums to 1, or to 0 in a context never seen, without smoothing. */
  probabilities(context: ArrayLike<number> = []): Promise<Float64Array> {
    return this.port.call('ngramProbabilities', this.id, context);
  }

  /** Over every token of a sequence, the first ones with what context there is. */
  perplexity(ids: ArrayLike<number>): Promise<Perplexity> {
    return this.port.call('ngramPerplexity', this.id, ids);
  }

  /**
   * Draws tokens one after the other, each from what stands before it.
   * @param o tokens: 0 to 10,000, default 100; seed: the same draws again
   * @returns the new ids, the context not included
   * @throws LabError `bad_state` where nothing has a probability
   */
  sample(context: ArrayLike<number> = [], o: { tokens?: number; seed?: number } = {}): Promise<Uint32Array> {
    return this.port.call('ngramSample', this.id, context, o.tokens ?? 100, o.seed ?? 1);
  }

  /** How well a context is known. */
  context(ids: ArrayLike<number>): Promise<NgramContext> {
    return this.port.call('ngramContext', this.id, ids);
  }

  /** What followed a context in the counted texts, most frequent first, at most `most`. */
  continuations(context: ArrayLike<number>, most = 10): Promise<{ token: number; count: number }[]> {
    return this.port.call('ngramContinuations', this.id, context, most);
  }

  /** How often an n-gram of 1 to `order` tokens stood in the texts; of none: all tokens. */
  count(ngram: ArrayLike<number>): Promise<number> {
    return this.port.call('ngramCount', this.id, ngram);
  }
}
