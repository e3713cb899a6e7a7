// n-gram models beside the engine. Each function is one call of the page (tools.ts).
import { number, record, word } from '../checked.ts';
import { ids, type Desk } from './desk.ts';
import type { NgramConfig, NgramContext, NgramReport, Perplexity } from './types.ts';

type Ids = ArrayLike<number>;

export const countsWork = {
  ngram(d: Desk, id: number, config: NgramConfig): NgramReport {
    record('the config', config);
    const fields = {
      order: number('order', config.order, 3),
      vocabulary: number('vocabulary', config.vocabulary),
      smoothing: word('smoothing', config.smoothing ?? 'back_off'),
      k: number('k', config.k, 1),
      discount: number('discount', config.discount, 0.5),
      most: number('mostNgrams', config.mostNgrams, 2_000_000),
    };
    return d.keep(id, 'n-gram model', () => new d.engine.Ngram(fields)).info();
  },

  ngramFit(d: Desk, id: number, sequence: Ids): NgramReport {
    const model = d.get(id, 'n-gram model');
    model.add(ids('ids', sequence));
    return model.info();
  },

  ngramSmooth(d: Desk, id: number, smoothing: string, k: number, discount: number): void {
    d.get(id, 'n-gram model').smooth(
      word('smoothing', smoothing),
      number('k', k, 1),
      number('discount', discount, 0.5),
    );
  },

  ngramProbabilities: (d: Desk, id: number, context: Ids): Float64Array =>
    d.get(id, 'n-gram model').distribution(ids('context', context)),

  ngramPerplexity: (d: Desk, id: number, sequence: Ids): Perplexity =>
    d.get(id, 'n-gram model').perplexity(ids('ids', sequence)),

  ngramSample: (d: Desk, id: number, context: Ids, tokens: number, seed: number): Uint32Array =>
    d.get(id, 'n-gram model').sample(ids('context', context), number('tokens', tokens), number('seed', seed)),

  ngramContext: (d: Desk, id: number, context: Ids): NgramContext =>
    d.get(id, 'n-gram model').context(ids('context', context)),

  ngramContinuations: (d: Desk, id: number, context: Ids, most: number): { token: number; count: number }[] =>
    d.get(id, 'n-gram model').continuations(ids('context', context), number('most', most)),

  ngramCount: (d: Desk, id: number, ngram: Ids): number =>
    d.get(id, 'n-gram model').count(ids('the n-gram', ngram)),
};
