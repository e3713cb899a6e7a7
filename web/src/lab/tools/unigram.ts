// Unigram tokenizers beside the engine: found round by round, made of known pieces, asked for other segmentations than the likeliest.
// Each function is one call of the page (tools.ts); what all tokenizers can do is text.ts's.
import { bad, doubles, number, record, word } from '../checked.ts';
import { utf8, type Desk } from './desk.ts';
import type { Vocabulary } from './engine.ts';
import type { TokenizerInfo } from './types.ts';
import type { LabeledUnigramPiece, UnigramConfig, UnigramPiece, UnigramReport } from './unigram-types.ts';

const keep = (d: Desk, id: number, make: () => Vocabulary): TokenizerInfo =>
  d.keep(id, 'tokenizer', make).info() as TokenizerInfo;

export const unigramWork = {
  trainUnigram(d: Desk, id: number, text: string, config: UnigramConfig): UnigramReport {
    record('the config', config);
    const fields = {
      split: word('split', config.split ?? 'words'),
      vocabulary: number('vocabulary', config.vocabulary, 1000),
      seedPieces: number('seedPieces', config.seedPieces, 20_000),
      longest: number('longest', config.longest, 16),
    };
    const make = () => new d.engine.UnigramTraining(utf8('the text', text), fields);
    return d.keep(id, 'unigram training', make).info();
  },

  async unigramStep(d: Desk, id: number, n: number): Promise<UnigramReport> {
    if (!Number.isInteger(n) || n < 0 || n > 1000) throw bad('n', n, 'a whole number from 0 to 1000');
    let left = n;
    await d.inSlices(() => left-- > 0 && d.get(id, 'unigram training').step());
    return d.get(id, 'unigram training').info();
  },

  unigramPieces: (d: Desk, id: number, most: number): LabeledUnigramPiece[] =>
    d.get(id, 'unigram training').pieces(number('most', most)),

  unigramTokenizer: (d: Desk, id: number, of: number): TokenizerInfo =>
    keep(d, id, () => d.get(of, 'unigram training').vocabulary()),

  unigramOf(d: Desk, id: number, pieces: readonly UnigramPiece[], split: string): TokenizerInfo {
    if (!Array.isArray(pieces)) throw bad('pieces', pieces, 'a list of {text, score}');
    const rows = pieces as readonly unknown[];
    const row = (one: unknown, i: number): Partial<UnigramPiece> => {
      record(`pieces[${i}]`, one);
      return one as Partial<UnigramPiece>;
    };
    const texts = rows.map((one, i) => utf8(`pieces[${i}].text`, row(one, i).text));
    const scores = rows.map((one, i) => number(`pieces[${i}].score`, row(one, i).score));
    return keep(d, id, () =>
      d.engine.unigramVocabulary(texts, doubles('scores', scores), word('split', split)),
    );
  },

  samples: (d: Desk, id: number, text: string, alpha: number, count: number, seed: number): Uint32Array[] =>
    d
      .get(id, 'tokenizer')
      .samples(utf8('the text', text), number('alpha', alpha), number('seed', seed), number('count', count)),

  logProbability: (d: Desk, id: number, text: string): number =>
    d.get(id, 'tokenizer').logProbability(utf8('the text', text)),

  scores(d: Desk, id: number, from: number, to: number | undefined): Float64Array {
    const it = d.get(id, 'tokenizer');
    return it.scores(number('from', from), number('to', to, it.info().size));
  },
};
