// Unigram tokenizers on the real engine: probabilities by hand, learning round by round in English and Japanese, any text back, and every
// wrong argument. That EM and Viterbi are right is asked in tests/core/text.
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Tools } from '../../web/src/lab/tools.ts';
import type { UnigramPiece } from '../../web/src/lab/tools/unigram-types.ts';
import type { FakeWorker } from './fake-worker.ts';
import { failure, openTools } from './tools-support.ts';

const all: Tools[] = [];
const workers: FakeWorker[] = [];
afterEach(() => {
  for (const tools of all.splice(0)) tools.dispose();
  for (const worker of workers.splice(0)) if (!worker.terminated) worker.terminate();
});
async function open(where: 'main' | 'worker' = 'main', engine?: 'tools-text' | 'tools-data'): Promise<Tools> {
  const tools = await openTools(where, workers, engine);
  all.push(tools);
  return tools;
}

const pieces: UnigramPiece[] = [
  { text: 'a', score: Math.log(0.4) },
  { text: 'b', score: Math.log(0.3) },
  { text: 'ab', score: Math.log(0.2) },
];
const [a, b, ab] = [256, 257, 258];

describe('known pieces', () => {
  it('are cut as by hand: the likeliest, any by its share, and their sum', async () => {
    const it = await (await open()).unigramTokenizer(pieces, { split: 'none' });
    expect(it.info).toEqual({ kind: 'unigram', size: 259, merges: 0, special: [] });
    expect(Array.from(await it.encode('abba'))).toEqual([ab, b, a]); // 0.2 · 0.3 · 0.4 over 0.4 · 0.3 · 0.3 · 0.4
    expect(await it.logProbability('ab')).toBeCloseTo(Math.log(0.2 + 0.4 * 0.3), 12);
    expect(Array.from(await it.scores(a, b + 1))).toEqual([Math.log(0.4), Math.log(0.3)]);
    expect((await it.scores()).length).toBe(259);
    expect((await it.pieces('ab'))[0]).toEqual({ id: ab, label: 'ab' });
    expect(await it.find('b')).toBe(b);
    expect(Array.from(await it.encode('aé'))).toEqual([a, 0xc3, 0xa9]);
    expect(await it.decode([a, 0xc3, 0xa9])).toBe('aé');
  });

  it('are drawn in the ratio of their probabilities, the same from the same seed', async () => {
    const it = await (await open('worker')).unigramTokenizer(pieces, { split: 'none' });
    const whole = async (alpha: number, seed = 1): Promise<number> => {
      const drawn = await it.sample('ab', { alpha, count: 1000, seed });
      expect(drawn).toHaveLength(1000);
      for (const ids of drawn) expect([[ab], [a, b]]).toContainEqual(Array.from(ids));
      return drawn.filter((ids) => ids.length === 1).length / 1000;
    };
    expect(Math.abs((await whole(1)) - 0.2 / 0.32)).toBeLessThan(0.06); // four standard deviations
    expect(Math.abs((await whole(0)) - 0.5)).toBeLessThan(0.063);
    expect(await whole(100)).toBe(1);
    expect(await whole(1, 7)).toBe(await whole(1, 7));
    expect(await it.sample('abab', { seed: 3 })).toEqual(await it.sample('abab', { seed: 3 }));
  });
});

describe('a vocabulary that is looked for', () => {
  it.each(['en', 'ja'] as const)('shrinks by a quarter a step and gives any text back (%s)', async (lang) => {
    const tools = await open('worker');
    const text = await tools.stories(lang, 30_000);
    const training = await tools.trainUnigram(text, { vocabulary: 600, seedPieces: 3000 });
    const first = training.report;
    expect(first.finished).toBe(false);
    const early = await training.tokenizer();
    const second = await training.step();
    expect((second.size - 256) / (first.size - 256)).toBeCloseTo(0.75, 2);
    expect(training.report).toEqual(second);
    await training.step(100);
    expect(training.report).toMatchObject({ size: 600, finished: true });
    expect(await training.step(0)).toEqual(training.report);
    expect(training.report.logLikelihood).toBeLessThan(first.logLikelihood); // fewer pieces say less
    const it = await training.tokenizer();
    const found = await training.pieces(1000);
    expect(found).toHaveLength(600 - 256);
    expect(found.map(({ score }) => score)).toEqual(found.map(({ score }) => score).sort((x, y) => y - x));
    training.dispose();
    const ids = await it.encode(text);
    expect(ids.length).toBeLessThan([...text].length * 0.6);
    expect((await early.encode(text)).length).toBeLessThan(ids.length);
    const again = await tools.unigramTokenizer(found);
    expect(await again.encode(text)).toEqual(ids);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (any) => {
        expect(await it.decode(await it.encode(any))).toBe(any);
        for (const drawn of await it.sample(any, { alpha: 0.2, count: 3 }))
          expect(await it.decode(drawn)).toBe(any);
      }),
      { numRuns: 50 },
    );
  });

  it('is the same in the engine of texts, and missing in that of data', async () => {
    const [whole, part] = [await open(), await open('worker', 'tools-text')];
    const sizes = await Promise.all(
      [whole, part].map(async (tools) => {
        const training = await tools.trainUnigram('low lower lowest low newer newest', { vocabulary: 280 });
        await training.step(20);
        return training.pieces();
      }),
    );
    expect(sizes[0]).toEqual(sizes[1]);
    const data = await open('main', 'tools-data');
    expect((await failure(data.trainUnigram('abc'))).message).toMatch(/built without UnigramTraining/);
  });

  it('answers other calls between its rounds', async () => {
    const tools = await open('worker');
    const training = await tools.trainUnigram((await tools.names('en', 10_000)).join('\n'), {
      vocabulary: 400,
      split: 'lines',
    });
    let over = false;
    const long = training.step(100).then(() => (over = true));
    await tools.byteTokenizer();
    expect(over).toBe(false);
    await long;
    expect(training.report.finished).toBe(true);
  });
});

describe('what is wrong is refused with a sentence', () => {
  it('by every method, which work on afterwards', async () => {
    const tools = await open('worker');
    const it = await tools.unigramTokenizer(pieces);
    const training = await tools.trainUnigram('aaab aab aab', { vocabulary: 260 });
    const odd = [NaN, -1, 0.5, 1e300, 'x', null, {}, [], true] as unknown[];
    const no = (value: unknown): never => value as never;
    const calls: [string, (value: unknown) => Promise<unknown>, unknown[]][] = [
      [
        'text',
        (v) => tools.trainUnigram(no(v)),
        [...odd.filter((v) => v !== 'x'), '', '\uFFFE'.repeat(400_000)],
      ],
      ['config', (v) => tools.trainUnigram('ab', no(v)), [NaN, 1, 'x', null]],
      ['vocabulary', (v) => tools.trainUnigram('ab', { vocabulary: no(v) }), [...odd, 256, 257, 70_000]],
      ['seedPieces', (v) => tools.trainUnigram('ab', { seedPieces: no(v) }), [...odd, 0, 200_001]],
      ['longest', (v) => tools.trainUnigram('ab', { longest: no(v) }), [...odd, 0, 65]],
      ['split', (v) => tools.trainUnigram('ab', { split: no(v) }), ['x', 1, {}]],
      ['pieces', (v) => tools.unigramTokenizer(no(v)), [...odd, [1], [null], [{}], [{ text: 'a' }]]],
      ['a text', (v) => tools.unigramTokenizer([{ text: no(v), score: -1 }]), [1, null, '', 'x'.repeat(65)]],
      ['a score', (v) => tools.unigramTokenizer([{ text: 'a', score: no(v) }]), [NaN, 0.1, -Infinity, 'x']],
      ['twice', (v) => tools.unigramTokenizer([...pieces, no(v)]), [pieces[0]]],
      ['its split', (v) => tools.unigramTokenizer(pieces, { split: no(v) }), ['x', 1]],
      ['step', (v) => training.step(no(v)), [...odd, 1001]],
      ['most', (v) => training.pieces(no(v)), odd],
      ['sample', (v) => it.sample(no(v)), odd.filter((v) => v !== 'x')],
      ['alpha', (v) => it.sample('ab', { alpha: no(v) }), [NaN, -1, 101, 'x']],
      ['count', (v) => it.sample('ab', { count: no(v) }), [NaN, -1, 0, 0.5, 1001, 'x']],
      ['seed', (v) => it.sample('ab', { seed: no(v) }), [NaN, -1, 0.5, 1e300, 'x']],
      ['too much', (v) => it.sample(no(v), { count: 1000 }), ['ab'.repeat(5000)]],
      ['logProbability', (v) => it.logProbability(no(v)), odd.filter((v) => v !== 'x')],
      ['scores', (v) => it.scores(no(v)), [NaN, -1, 0.5, 260, 'x']],
      ['save', () => it.save(), [0]],
    ];
    for (const [name, call, values] of calls) {
      for (const value of values) {
        const error = await failure(call(value), `${name}(${String(value).slice(0, 40)})`);
        expect(
          ['invalid_argument', 'unknown_name', 'bad_state'],
          `${name}(${String(value).slice(0, 40)}): ${error.message}`,
        ).toContain(error.code);
        expect(error.message.length).toBeGreaterThan(15);
      }
    }
    expect(await it.decode(await it.encode('cab'))).toBe('cab');
    expect((await training.step(10)).finished).toBe(true);
    for (const handle of [it, training]) handle.dispose();
    for (const late of [it.sample('a'), training.step(1), training.tokenizer()])
      expect((await failure(late)).message).toMatch(/is gone/);
  });

  it('by a tokenizer that has no probabilities', async () => {
    const tools = await open();
    const it = await tools.unigramTokenizer(pieces);
    const bytes = await tools.byteTokenizer();
    // What a page without types could do.
    const error = await failure(it.sample.call(bytes as never, 'ab'));
    expect([error.code, error.message]).toEqual([
      'bad_state',
      expect.stringMatching(/kind byte has no prob/),
    ]);
  });
});
