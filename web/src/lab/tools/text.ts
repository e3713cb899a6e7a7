// Tokenizers beside the engine: made, trained merge by merge, read, written, used. Each function is one call of the page (tools.ts).
import { bad, flag, number, record, word } from '../checked.ts';
import { fileBytes, ids, utf8, type Desk } from './desk.ts';
import type { Vocabulary } from './engine.ts';
import type { BpeConfig, BpeMerge, BpeReport, TokenizerInfo, TokenPiece } from './types.ts';

const infoOf = (it: Vocabulary): TokenizerInfo => it.info() as TokenizerInfo;

function keep(d: Desk, id: number, make: () => Vocabulary): TokenizerInfo {
  return infoOf(d.keep(id, 'tokenizer', make));
}

function bpeReport(d: Desk, id: number, finished: boolean): BpeReport {
  return { ...d.get(id, 'training').info(), finished };
}

export const textWork = {
  characters: (d: Desk, id: number, text: string): TokenizerInfo =>
    keep(d, id, () => d.engine.characterVocabulary(utf8('the text', text))),

  bytes: (d: Desk, id: number): TokenizerInfo => keep(d, id, () => d.engine.byteVocabulary()),

  read: (d: Desk, id: number, file: string | Uint8Array): TokenizerInfo =>
    keep(d, id, () => d.engine.readVocabulary(fileBytes('tokenizer.json', file))),

  readGpt2: (d: Desk, id: number, vocab: string | Uint8Array, merges: string | Uint8Array): TokenizerInfo =>
    keep(d, id, () =>
      d.engine.readGpt2Vocabulary(fileBytes('vocab.json', vocab), fileBytes('merges.txt', merges)),
    ),

  encode: (d: Desk, id: number, text: string): Uint32Array =>
    d.get(id, 'tokenizer').encode(utf8('the text', text)),

  decode: (d: Desk, id: number, of: ArrayLike<number>, skipSpecial: boolean): Uint8Array =>
    d.get(id, 'tokenizer').decode(ids('ids', of), flag('skipSpecial', skipSpecial)),

  pieces(d: Desk, id: number, text: string): TokenPiece[] {
    const it = d.get(id, 'tokenizer');
    return Array.from(it.encode(utf8('the text', text)), (token) => ({
      id: token,
      label: it.labels(token, token + 1)[0] ?? '',
    }));
  },

  labels(d: Desk, id: number, from: number, to: number | undefined): string[] {
    const it = d.get(id, 'tokenizer');
    return it.labels(number('from', from), number('to', to, it.info().size));
  },

  find(d: Desk, id: number, text: string): number | null {
    const found = d.get(id, 'tokenizer').find(utf8('the text', text));
    return found < 0 ? null : found;
  },

  merges: (d: Desk, id: number): { left: Uint32Array; right: Uint32Array; token: Uint32Array } =>
    d.get(id, 'tokenizer').merges(),

  write: (d: Desk, id: number, form: string): string => d.get(id, 'tokenizer').write(word('form', form)),

  // ── byte pair encoding, merge by merge ──────────────────────────────────────────────────────────────────────────

  trainBpe(d: Desk, id: number, text: string, config: BpeConfig): BpeReport {
    record('the config', config);
    const fields = {
      unit: word('unit', config.unit ?? 'bytes'),
      split: word('split', config.split ?? 'words'),
      vocabulary: number('vocabulary', config.vocabulary, 1000),
      least: number('least', config.least, 2),
    };
    d.keep(id, 'training', () => new d.engine.BpeTraining(utf8('the text', text), fields));
    return bpeReport(d, id, false);
  },

  async bpeStep(d: Desk, id: number, n: number): Promise<{ merges: BpeMerge[]; report: BpeReport }> {
    if (!Number.isInteger(n) || n < 0 || n > 65_536) {
      throw bad('n', n, 'a whole number from 0 to 65536');
    }
    const merges: BpeMerge[] = [];
    let finished = false;
    await d.inSlices((units) => {
      const training = d.get(id, 'training');
      const from = training.info().merges;
      const wanted = Math.min(units, n - merges.length);
      finished = training.steps(wanted) < wanted;
      merges.push(...training.merges(from));
      return merges.length < n && !finished;
    });
    return { merges, report: bpeReport(d, id, finished) };
  },

  bpeCandidates: (d: Desk, id: number, most: number): BpeMerge[] =>
    d.get(id, 'training').candidates(number('most', most)),

  bpeTokenizer: (d: Desk, id: number, of: number): TokenizerInfo =>
    keep(d, id, () => d.get(of, 'training').vocabulary()),
};
