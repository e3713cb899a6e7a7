// The tools beside graphs on the real engine: tokenizers and n-grams in English and Japanese, handles, engines that die. Data sets, numbers
// and files: tools-data.test.ts. That the core is right is asked in tests/core; here, that all of it is reached and that nothing traps.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Tools } from '../../web/src/lab/tools.ts';
import type { Tokenizer } from '../../web/src/lab/tools/handles.ts';
import type { FakeWorker } from './fake-worker.ts';
import { until } from './support.ts';
import { failure, openTools, type ToolsEngineName } from './tools-support.ts';

const all: Tools[] = [];
const workers: FakeWorker[] = [];
afterEach(() => {
  for (const tools of all.splice(0)) tools.dispose();
  for (const worker of workers.splice(0)) if (!worker.terminated) worker.terminate();
});
async function open(where: 'main' | 'worker' = 'main', engine?: ToolsEngineName): Promise<Tools> {
  const tools = await openTools(where, workers, engine);
  all.push(tools);
  return tools;
}

const anyText = fc.string({ unit: 'binary' }); // any code points, no lone surrogates
const japanese = 'ねこがすき。いぬもすき。ねこがねる。\n';

async function trained(tools: Tools, text: string, vocabulary = 400): Promise<Tokenizer> {
  const training = await tools.trainBpe(text, { vocabulary });
  await training.step(vocabulary);
  const made = await training.tokenizer();
  training.dispose();
  return made;
}

describe.each(['main', 'worker'] as const)('tokenizers (%s)', (where) => {
  it('have characters and bytes in both languages', async () => {
    const tools = await open(where);
    expect(tools.capabilities).toMatchObject({ where, variant: 'simd128' });
    const characters = await tools.characterTokenizer(japanese);
    expect(characters.info).toMatchObject({ kind: 'char', size: new Set(japanese).size, merges: 0 });
    const ids = await characters.encode('ねこ');
    expect(await characters.decode(ids)).toBe('ねこ');
    expect((await characters.pieces('ね\n')).map(({ label }) => label)).toEqual(['ね', '⏎']);
    expect(await characters.labels()).toHaveLength(characters.size);
    expect(await characters.find('ね')).toBe(ids[0]);
    expect(await characters.find('犬')).toBeNull();
    expect((await failure(characters.encode('ね犬'))).message).toMatch(/U\+72AC/);

    const bytes = await tools.byteTokenizer();
    expect(bytes.info).toMatchObject({ kind: 'byte', size: 256 });
    expect(Array.from(await bytes.encode('ね'))).toEqual([0xe3, 0x81, 0xad]);
    expect(Array.from(await bytes.bytes([0xe3, 0x81]))).toEqual([0xe3, 0x81]);
    expect(await bytes.decode([0xe3, 0x81])).toBe('\uFFFD');
  });

  it('learn byte pairs merge by merge, and encode with them', async () => {
    const tools = await open(where);
    const text = 'low low low lower lowest newer newer wider\n';
    const training = await tools.trainBpe(text, { unit: 'characters', vocabulary: 30 });
    const before = training.report;
    expect(before).toMatchObject({ merges: 0, textCharacters: text.length, finished: false });
    // By hand: "lo" and "ow" both stand 5 times, "we" 4, "er" 4. Equal counts: the lower left id, and l < o.
    const [first] = await training.candidates(1);
    expect(first).toMatchObject({ count: 5, leftLabel: 'l', rightLabel: 'o', label: 'lo' });
    const [merge] = await training.step();
    expect(merge).toEqual(first);
    expect(training.report.textTokens).toBe(before.textTokens - 5);
    expect((await training.step(2)).map(({ label }) => label)).toContain('low');
    await training.step(1000);
    expect(training.report.finished).toBe(true);
    const made = await training.tokenizer();
    expect(made.info).toMatchObject({ kind: 'bpe', size: training.report.size });
    expect((await made.merges()).token).toHaveLength(training.report.merges);
    training.dispose();
    expect((await made.encode('low')).length).toBe(1);
    expect(await made.find('low')).toBe((await made.encode('low'))[0]);
  });

  it('give any text back, by bytes and by learned merges', async () => {
    const tools = await open(where);
    const stories = (await tools.stories('en', 4000)) + (await tools.stories('ja', 4000));
    const [bytes, merged] = [await tools.byteTokenizer(), await trained(tools, stories)];
    const there = await merged.encode(stories);
    expect(there.length).toBeLessThan(new TextEncoder().encode(stories).length / 2);
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        for (const it of [bytes, merged]) expect(await it.decode(await it.encode(text))).toBe(text);
      }),
      { numRuns: where === 'main' ? 400 : 50 },
    );
    for (const odd of ['', '\0', '\uFEFF', '\uFEFFa long text after a mark', 'é', '👩‍👩‍👧', '\u{10FFFF}'])
      expect(await merged.decode(await merged.encode(odd))).toBe(odd);
    expect(await merged.decode(await merged.encode('a\uD800b'))).toBe('a\uFFFDb');
  });

  it('are written and read as tokenizer.json and as GPT-2 has them', async () => {
    const tools = await open(where);
    const made = await trained(tools, await tools.stories('ja', 5000), 350);
    const again = await tools.readTokenizer(await made.save());
    const { vocab, merges } = await made.saveGpt2();
    const gpt2 = await tools.readGpt2Tokenizer(vocab, new TextEncoder().encode(merges));
    for (const text of ['むかしむかし、あるところに', 'Once upon a time… 🐈']) {
      const ids = await made.encode(text);
      expect(await again.encode(text)).toEqual(ids);
      expect(await gpt2.encode(text)).toEqual(ids);
    }
    const foreign = await tools.readTokenizer(
      readFileSync(new URL('../golden/tokenizer.json', import.meta.url)),
    );
    expect(foreign.size).toBeGreaterThan(900);
    const special = foreign.info.special[0];
    const ids = await foreign.encode(`a${special?.text ?? ''}`);
    expect(ids[ids.length - 1]).toBe(special?.id);
    expect(await foreign.decode(ids, { skipSpecial: true })).toBe('a');
    expect((await failure(tools.readTokenizer('{"model":'))).code).toBe('bad_file');
    const letters = await tools.characterTokenizer('abc');
    expect((await failure(letters.save())).code).toBe('bad_state');
  });
});

describe('n-grams', () => {
  it('count, smooth and measure as by hand', async () => {
    const tools = await open();
    const model = await tools.ngram({ order: 2, vocabulary: 3, smoothing: 'add_k', k: 1 });
    // 0 1 0 1 2: after 0 always 1 (twice); after 1 once 0, once 2.
    expect(await model.fit([0, 1, 0, 1, 2])).toMatchObject({ kinds: [3, 3], tokens: 5 });
    expect(Array.from(await model.probabilities([0]))).toEqual([1 / 5, 3 / 5, 1 / 5]);
    await model.smooth('none');
    expect(Array.from(await model.probabilities([1]))).toEqual([1 / 2, 0, 1 / 2]);
    // First token from the counts of single ones, 2/5; then 1, then 1/2.
    const found = await model.perplexity([0, 1, 2]);
    expect(found.nats).toBeCloseTo(-(Math.log(2 / 5) + Math.log(1) + Math.log(1 / 2)) / 3, 12);
    expect(found.perplexity).toBeCloseTo(Math.exp(found.nats), 10);
    expect(await model.perplexity([2, 2])).toMatchObject({ perplexity: Infinity, unseen: 1, tokens: 2 });
    expect(await model.context([0])).toEqual({ length: 1, seen: 2, kinds: 1 });
    expect(await model.continuations([1])).toEqual([
      { token: 0, count: 1 },
      { token: 2, count: 1 },
    ]);
    expect(await model.count([0, 1])).toBe(2);
    expect(Array.from(await model.sample([0], { tokens: 1 }))).toEqual([1]);
  });

  it.each(['en', 'ja'] as const)('write stories in their own characters (%s)', async (lang) => {
    const tools = await open('worker');
    const text = await tools.stories(lang, 30_000);
    const characters = await tools.characterTokenizer(text);
    const model = await tools.ngram({ order: 4, vocabulary: characters.size });
    const ids = await characters.encode(text);
    const split = Math.floor(ids.length * 0.9);
    await model.fit(ids.subarray(0, split));
    const { perplexity } = await model.perplexity(ids.subarray(split));
    expect(perplexity).toBeLessThan(characters.size / 4); // a uniform guess: size
    const sum = (await model.probabilities(ids.subarray(0, 3))).reduce((a, b) => a + b, 0);
    expect(sum).toBeCloseTo(1, 10);
    const drawn = await model.sample(ids.subarray(0, 3), { tokens: 60, seed: 7 });
    expect(drawn).toHaveLength(60);
    expect(await model.sample(ids.subarray(0, 3), { tokens: 60, seed: 7 })).toEqual(drawn);
    expect(await model.sample(ids.subarray(0, 3), { tokens: 60, seed: 8 })).not.toEqual(drawn);
    expect([...(await characters.decode(drawn))]).toHaveLength(60);
  });
});

describe('what is wrong is refused with a sentence', () => {
  const odd = [NaN, -1, 0.5, 1e300, 'x', null, {}, [], true] as unknown[];
  const given = odd.filter((v) => v !== null); // a name that is null is left out

  it('by every method of the tokenizers and models, which work on afterwards', async () => {
    const tools = await open('worker');
    const letters = await tools.characterTokenizer('abc');
    const model = await tools.ngram({ vocabulary: 3 });
    const training = await tools.trainBpe('aaab aab', { unit: 'characters', vocabulary: 20 });
    const no = (value: unknown): never => value as never;
    const calls: [string, (value: unknown) => Promise<unknown>, unknown[]][] = [
      [
        'characterTokenizer',
        (v) => tools.characterTokenizer(no(v)),
        [...odd.filter((v) => v !== 'x'), '', undefined],
      ],
      ['trainBpe', (v) => tools.trainBpe(no(v)), [...odd.filter((v) => v !== 'x'), '']],
      ['trainBpe vocabulary', (v) => tools.trainBpe('ab', { vocabulary: no(v) }), odd],
      ['trainBpe least', (v) => tools.trainBpe('ab', { least: no(v) }), odd],
      ['trainBpe unit', (v) => tools.trainBpe('ab', { unit: no(v) }), given],
      ['trainBpe split', (v) => tools.trainBpe('ab', { split: no(v) }), given],
      ['readTokenizer', (v) => tools.readTokenizer(no(v)), [...odd, '', '[]', new Uint8Array(3)]],
      ['readGpt2Tokenizer', (v) => tools.readGpt2Tokenizer(no(v), no(v)), odd],
      ['encode', (v) => letters.encode(no(v)), odd],
      ['decode', (v) => letters.decode(no(v)), [...odd.filter((v) => !Array.isArray(v)), [3], [-1], ['x']]],
      ['skipSpecial', (v) => letters.decode([], { skipSpecial: no(v) }), [NaN, 'x', {}]],
      ['pieces', (v) => letters.pieces(no(v)), odd],
      ['labels', (v) => letters.labels(no(v)), odd],
      ['find', (v) => letters.find(no(v)), odd.filter((v) => v !== 'x')],
      ['step', (v) => training.step(no(v)), odd],
      ['candidates', (v) => training.candidates(no(v)), odd],
      ['ngram', (v) => tools.ngram(no(v)), odd],
      ['ngram vocabulary', (v) => tools.ngram({ vocabulary: no(v) }), odd],
      ['ngram order', (v) => tools.ngram({ vocabulary: 3, order: no(v) }), odd],
      ['ngram k', (v) => tools.ngram({ vocabulary: 3, smoothing: 'add_k', k: no(v) }), [NaN, -1, 'x', null]],
      ['ngram smoothing', (v) => tools.ngram({ vocabulary: 3, smoothing: no(v) }), given],
      ['fit', (v) => model.fit(no(v)), [NaN, 'x', null, {}, [3], [0.5], [-1]]],
      ['smooth', (v) => model.smooth(no(v)), odd],
      ['probabilities', (v) => model.probabilities(no(v)), ['x', null, {}, [9], ['x']]],
      ['perplexity', (v) => model.perplexity(no(v)), ['x', null, {}, [9]]],
      ['sample', (v) => model.sample([], { tokens: no(v) }), [NaN, -1, 0.5, 1e300, 'x']],
      ['seed', (v) => model.sample([], { seed: no(v) }), [NaN, -1, 0.5, 1e300, 'x']],
      ['context', (v) => model.context(no(v)), ['x', null, {}, [9]]],
      ['continuations', (v) => model.continuations([], no(v)), odd],
      ['count', (v) => model.count(no(v)), ['x', null, {}, [9], [0, 0, 0, 0]]],
    ];
    for (const [name, call, values] of calls) {
      for (const value of values) {
        const error = await failure(call(value), `${name}(${String(value)})`);
        expect(
          ['invalid_argument', 'unknown_name', 'bad_file', 'bad_state', 'shape_mismatch', 'out_of_memory'],
          `${name}(${String(value)}): ${error.message}`,
        ).toContain(error.code);
        expect(error.message.length).toBeGreaterThan(15);
      }
    }
    expect(await letters.decode(await letters.encode('cab'))).toBe('cab');
    await model.fit([0, 1, 2]);
    expect(await model.probabilities([0])).toHaveLength(3);
    expect(await training.step(1)).toHaveLength(1);
  });

  it('by a tool that is none, and by what was disposed of', async () => {
    const tools = await open();
    const letters = await tools.characterTokenizer('abc');
    const model = await tools.ngram({ vocabulary: 3 });
    const training = await tools.trainBpe('aaab aab', { vocabulary: 300 });
    for (const handle of [letters, model, training]) {
      handle.dispose();
      handle.dispose();
    }
    for (const late of [letters.encode('a'), model.fit([0]), training.step(1), training.tokenizer()]) {
      const error = await failure(late);
      expect([error.code, error.message]).toEqual(['bad_state', expect.stringMatching(/is gone/)]);
    }
    const fresh = await tools.characterTokenizer('xyz'); // not under a number of before
    expect((await failure(letters.encode('x'))).code).toBe('bad_state');
    expect(await fresh.decode(await fresh.encode('zyx'))).toBe('zyx');
    const made: Tokenizer[] = [];
    const full = await failure(
      (async () => {
        for (let i = 0; i < 100; i += 1) made.push(await tools.byteTokenizer());
      })(),
    );
    expect(full.message).toMatch(/dispose of one/);
    made[0]?.dispose();
    expect((await tools.byteTokenizer()).size).toBe(256);
  });
});

describe('an engine of a part', () => {
  it('has that part with the same results, and says what it lacks', async () => {
    const [all, text, data] = [
      await open(),
      await open('worker', 'tools-text'),
      await open('main', 'tools-data'),
    ];
    const tokenizers = [await trained(all, japanese), await trained(text, japanese)];
    const ids = await Promise.all(tokenizers.map((it) => it.encode('ねこ and dog')));
    expect(ids[0]).toEqual(ids[1]);
    expect(await data.points('moons')).toEqual(await all.points('moons'));
    expect((await failure(text.csv('1,2'))).code).toBe('bad_state');
    expect((await failure(data.byteTokenizer())).code).toBe('bad_state');
    expect((await failure(text.sine())).message).toMatch(/built without sine; .*engine: 'tools'/);
    expect((await failure(data.ngram({ vocabulary: 3 }))).code).toBe('bad_state');
    expect((await data.points('xor')).inputs).toBe(2);
  });
});

describe('an engine that fails', () => {
  it('and dies is replaced; what was trained is gone and says so', async () => {
    const tools = await open('worker');
    const failures: boolean[] = [];
    tools.onFailure((_, recovered) => failures.push(recovered));
    const letters = await tools.characterTokenizer('abc');
    const dying = workers[0];
    if (dying) dying.onerror?.({ message: 'it died', preventDefault: () => undefined });
    await until(() => failures.length > 0);
    expect(failures).toEqual([true]);
    expect(workers).toHaveLength(2);
    expect((await failure(letters.encode('a'))).message).toMatch(/is gone/);
    const again = await tools.characterTokenizer('abc');
    expect(await again.decode(await again.encode('cab'))).toBe('cab');
  });

  it('is over after dispose, which can be called again', async () => {
    const tools = await open('worker');
    tools.dispose();
    tools.dispose();
    expect((await failure(tools.byteTokenizer())).code).toBe('bad_state');
  });

  it('learns long in slices: other calls are answered in between', async () => {
    const tools = await open('worker');
    const text = (await tools.names('en', 10_000)).join('\n');
    const training = await tools.trainBpe(text, { vocabulary: 20_000, split: 'lines', least: 1 });
    let over = false;
    const long = training.step(20_000).then((merges) => {
      over = true;
      return merges;
    });
    await tools.byteTokenizer();
    expect(over).toBe(false);
    expect((await long).length).toBeGreaterThan(5000);
    expect((await long).length).toBe(training.report.merges);
  });
});
