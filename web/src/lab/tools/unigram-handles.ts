// Handles of unigram tokenizers: a vocabulary that is being looked for, and one that is found, which can cut a text in more than one way.
import { ReportingHandle } from './handle.ts';
import { Tokenizer } from './handles.ts';
import type { LabeledUnigramPiece, UnigramReport } from './unigram-types.ts';

/**
 * A tokenizer whose pieces have probabilities (Kudo 2018). encode() gives the likeliest segmentation; a character without a piece is its
 * bytes, so any text comes back.
 */
export class UnigramTokenizer extends Tokenizer {
  /**
   * Segmentations drawn with probability ∝ P^alpha (subword regularization).
   * @param o alpha: 0 (all alike) to 100 (as good as the likeliest), default 1; count: 1 to 1000, default 1; seed: the same draws again
   * @returns the ids of each
   */
  sample(text: string, o: { alpha?: number; count?: number; seed?: number } = {}): Promise<Uint32Array[]> {
    return this.port.call('samples', this.id, text, o.alpha ?? 1, o.count ?? 1, o.seed ?? 1);
  }

  /** ln of the sum of the probabilities of all segmentations of a text. */
  logProbability(text: string): Promise<number> {
    return this.port.call('logProbability', this.id, text);
  }

  /** ln of the probability of the ids `from` … `to` − 1; all of them by default. Of a byte: what a character without a piece costs. */
  scores(from = 0, to?: number): Promise<Float64Array> {
    return this.port.call('scores', this.id, from, to);
  }
}

/** A unigram vocabulary being looked for: too many pieces at first, each step drops a quarter of them and weighs the rest anew (EM). */
export class UnigramTraining extends ReportingHandle<UnigramReport> {
  /**
   * Up to n rounds of dropping and EM. `report.finished` when the wanted size is reached.
   * @param n whole, 0 to 1000
   */
  async step(n = 1): Promise<UnigramReport> {
    this.last = await this.port.call('unigramStep', this.id, n);
    return this.last;
  }

  /** The pieces now, the likeliest first, at most `most`. */
  pieces(most = 100): Promise<LabeledUnigramPiece[]> {
    return this.port.call('unigramPieces', this.id, most);
  }

  /** The vocabulary as far as it has come; training can go on. */
  async tokenizer(): Promise<UnigramTokenizer> {
    const id = this.port.fresh();
    return new UnigramTokenizer(this.port, id, await this.port.call('unigramTokenizer', id, this.id));
  }
}
