// The tools' data sets, numbers and files on the real engine: each does the real thing, and each refuses what is wrong with a sentence.
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { decodeText, recognizeText } from '../../web/src/lab/text-decoding.ts';
import type { Tools } from '../../web/src/lab/tools.ts';
import type { MemoryPlan, NumberFormat, ToolPointKind } from '../../web/src/lab/tools/types.ts';
import { failure, openTools } from './tools-support.ts';

const all: Tools[] = [];
afterEach(() => {
  for (const tools of all.splice(0)) tools.dispose();
});
async function open(where: 'main' | 'worker' = 'main'): Promise<Tools> {
  const tools = await openTools(where);
  all.push(tools);
  return tools;
}
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('data sets', () => {
  it('are points in the plane, the same from the same seed', async () => {
    const tools = await open('worker');
    const kinds: ToolPointKind[] = ['blobs', 'circles', 'moons', 'spirals'];
    for (const kind of kinds) {
      const set = await tools.points(kind, { n: 60, seed: 5 });
      expect([set.inputs, set.x.length, set.t.length]).toEqual([2, 120, 60]);
      expect(new Set(set.t)).toEqual(new Set([0, 1]));
      expect(await tools.points(kind, { n: 60, seed: 5 })).toEqual(set);
      expect((await tools.points(kind, { n: 60, seed: 6 })).x).not.toEqual(set.x);
    }
    const { x, t } = await tools.points('circles', { n: 50, factor: 0.25, noise: 0 });
    const radii = Array.from(t, (label, i) => [label, Math.hypot(x[2 * i] ?? NaN, x[2 * i + 1] ?? NaN)]);
    for (const [label, radius] of radii) expect(radius).toBeCloseTo(label ? 0.25 : 1, 5);
    expect(new Set((await tools.points('spirals', { classes: 3 })).t)).toEqual(new Set([0, 1, 2]));
    expect(Array.from((await tools.points('xor')).t)).toEqual([0, 1, 1, 0]);
  });

  it('are random numbers, the same from the same seed', async () => {
    const tools = await open();
    const mean = (x: Float64Array): number => x.reduce((a, b) => a + b, 0) / x.length;
    const uniform = await tools.random('uniform', 20_000);
    expect(uniform.every((x) => x >= 0 && x < 1)).toBe(true);
    expect(mean(uniform)).toBeCloseTo(0.5, 2);
    const normal = await tools.random('normal', 20_000, 3);
    expect(Math.abs(mean(normal))).toBeLessThan(0.03);
    expect(mean(normal.map((x) => x * x))).toBeCloseTo(1, 1);
    expect(await tools.random('normal', 10, 3)).toEqual(normal.slice(0, 10));
  });

  it('are curves, given and drawn', async () => {
    const tools = await open();
    const sine = await tools.sine({ n: 5 });
    [0, 1, 0, -1, 0].forEach((y, i) => expect(sine.y[i]).toBeCloseTo(y, 5));
    const drawn = await tools.drawnCurve([1, 0, 1], [9, 0, 2], { n: 3, interpolation: 'linear' });
    expect([Array.from(drawn.x), Array.from(drawn.y)]).toEqual([
      [0, 0.5, 1],
      [0, 1, 2],
    ]);
  });

  it('are puzzles with their answers', async () => {
    const tools = await open();
    const add = { task: 'add', shortest: 2, longest: 2 } as const;
    const { tokens, length } = await tools.sequenceInfo(add);
    for (let index = 0; index < 20; index += 1) {
      const example = await tools.sequenceExample(add, 3, index);
      const signs = Array.from(example.tokens, (id) => tokens[id]).join('');
      const [, a, b, sum] = /^(\d+)\+(\d+)=(\d+)\.$/.exec(signs) ?? [];
      expect(Number(a) + Number(b)).toBe(Number(sum));
      const question = example.tokens.subarray(0, example.answer - 1);
      const answer = await tools.sequenceAnswer(add, question);
      expect(Array.from(answer)).toEqual(Array.from(example.tokens.slice(example.answer, -1)));
    }
    const rows = await tools.sequenceRows(add, { rows: 4 });
    expect([rows.ids.length, rows.targets.length]).toEqual([4 * length, 4 * length]);
    expect(rows.targets).toContain(-1);
  });

  it('are names, stories and words in both languages', async () => {
    const tools = await open('worker');
    expect(await tools.names('en', 40)).toHaveLength(40);
    for (const name of await tools.names('ja-kana', 40)) expect(name).toMatch(/^\p{Script=Hiragana}{2,6}$/u);
    for (const name of await tools.names('ja-romaji', 40)) expect(name).toMatch(/^[a-z]+$/);
    expect(await tools.stories('ja', 500)).toMatch(/。/);
    for (const lang of ['en', 'ja'] as const) {
      const { words, groups, group, tokens } = await tools.words(lang, 50);
      expect(group).toHaveLength(words.length);
      expect(Math.max(...group)).toBe(groups.length - 1);
      const ends = Array.from(tokens, (id) => words[id]).filter(
        (word) => word === (lang === 'en' ? '.' : '。'),
      );
      expect(ends).toHaveLength(50);
    }
  });

  it('are digits, drawn ones and what somebody draws', async () => {
    const tools = await open();
    const { pixels, labels } = await tools.digits(20, { seed: 4 });
    expect(pixels).toHaveLength(20 * 784);
    expect(Array.from(labels.slice(0, 10)).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const later = await tools.digits(5, { seed: 4, first: 15 });
    expect(later.pixels).toEqual(pixels.slice(15 * 784));
    expect((await tools.digits(20, { seed: 4, noise: 0.3 })).pixels).not.toEqual(pixels);
    const drawing = new Float32Array(50 * 40);
    for (let row = 5; row < 45; row += 1) drawing[row * 40 + 3] = 1; // a stroke at the left
    const fitted = await tools.fitDigit(drawing, 40, 50);
    const mass = [0, 0];
    fitted.forEach((ink, i) => {
      mass[0] = (mass[0] ?? 0) + ink;
      mass[1] = (mass[1] ?? 0) + ink * (i % 28);
    });
    expect((mass[1] ?? 0) / (mass[0] ?? 0)).toBeGreaterThan(13);
    expect((mass[1] ?? 0) / (mass[0] ?? 0)).toBeLessThan(15);
    expect((await tools.fitDigit([0, 0, 0, 0], 2, 2)).some((ink) => ink > 0)).toBe(false);
  });
});

describe('numbers', () => {
  it('lose in few bits what the codes say', async () => {
    const tools = await open('worker');
    const W = Float32Array.from({ length: 6 * 32 }, (_, i) => Math.sin(i * 1.7) * 2);
    const snr: number[] = [];
    for (const format of ['int2', 'int3', 'int4', 'int8', 'fp16', 'fp32'] as NumberFormat[]) {
      const made = await tools.quantize(W, 6, 32, { format, block: 32 });
      const worst = Math.max(...W.map((w, i) => Math.abs(w - (made.values[i] ?? NaN))));
      expect(made.error.max).toBeCloseTo(worst, 6);
      snr.push(made.error.snr);
      if (made.coded) {
        const { codes, constants, groupSize } = made.coded;
        expect([codes.length, constants.length, groupSize]).toEqual([192, 6, 32]);
        if (format === 'int8')
          expect(made.values[40]).toBeCloseTo((codes[40] ?? NaN) * (constants[1] ?? NaN), 6);
      }
    }
    expect(snr).toEqual([...snr].sort((a, b) => a - b));
    expect(snr.at(-1)).toBe(Infinity);
    expect((await tools.quantize(W, 6, 32, { format: 'int4', block: 32 })).bytes).toBe(192 / 2 + 6 * 4);
    expect((await tools.quantize(W, 6, 32, { format: 'bf16' })).bitsPerNumber).toBe(16);
    const byRow = await tools.quantize(W, 6, 32, { format: 'int8', group: 'row' });
    expect(byRow.coded?.groupSize).toBe(32);
  });

  it('add up to the memory of a GPT', async () => {
    const tools = await open();
    const gpt2: MemoryPlan = {
      vocab: 50257,
      layers: 12,
      heads: 12,
      channels: 768,
      context: 1024,
      bias: true,
    };
    const bill = await tools.memory(gpt2);
    expect(bill.parameterCount).toBe(124_439_808); // GPT-2's smallest, as published
    expect([bill.parameters, bill.gradients, bill.optimizer]).toEqual([4, 4, 8].map((b) => b * 124_439_808));
    const rows = bill.rows.filter((row) => row.part === 'parameters');
    expect(rows.reduce((sum, row) => sum + row.bytes, 0)).toBe(bill.parameters);
    const asked = await tools.memory({ ...gpt2, method: 'answer', weights: 'nf4', cache: 'bf16' });
    expect(asked.cache).toBe(2 * 12 * 768 * 1024 * 2);
    expect(asked.parameters).toBeLessThan(bill.parameters / 2);
    const lora = await tools.memory({
      ...gpt2,
      method: 'lora',
      weights: 'nf4-double',
      targets: ['attn.qkv'],
    });
    expect(lora.trainedCount).toBe(12 * 4 * (768 + 3 * 768));
    const cut = await tools.memory({ ...gpt2, zeroStage: 3, workers: 8 });
    expect(cut.parameters).toBe(bill.parameters / 8);
  });
});

describe('files', () => {
  const table = '名前,年齢,身長\n太郎,２０,170.5\n花子,,160\n';

  it('are text in UTF-8, UTF-16 with a mark and Shift_JIS, or nothing', async () => {
    const utf16 = (text: string, little: boolean): Uint8Array => {
      const view = new DataView(new ArrayBuffer(2 * text.length + 2));
      `\uFEFF${text}`.split('').forEach((c, i) => view.setUint16(2 * i, c.charCodeAt(0), little));
      return new Uint8Array(view.buffer);
    };
    expect(decodeText(utf8('\uFEFF日本'))).toEqual({ text: '日本', encoding: 'utf-8' });
    expect(decodeText(utf16('日本', true))).toEqual({ text: '日本', encoding: 'utf-16le' });
    expect(decodeText(utf16('日本', false))).toEqual({ text: '日本', encoding: 'utf-16be' });
    const sjis = new Uint8Array([0x93, 0xfa, 0x96, 0x7b]);
    expect(decodeText(sjis)).toEqual({ text: '日本', encoding: 'shift_jis' });
    for (const wrong of [
      [0x61, 0],
      [0x89, 0x50, 0xff, 0x80],
      [0xff, 0xfe, 0x00, 0xd8],
    ])
      expect(recognizeText(new Uint8Array(wrong))).toBeNull();
    expect(() => decodeText(new Uint8Array([0]))).toThrow(/save it as UTF-8/);
    const tools = await open();
    expect(await tools.csv(utf16(table, true))).toEqual({
      ...(await tools.csv(table)),
      encoding: 'utf-16le',
    });
  });

  it('are tables', async () => {
    const tools = await open('worker');
    const { columns, ...rest } = await tools.csv(utf8(table));
    expect(rest).toEqual({ delimiter: ',', hasHeader: true, rows: 2, encoding: 'utf-8' });
    expect(columns).toEqual([
      { name: '名前', numeric: false, cells: ['太郎', '花子'] },
      { name: '年齢', numeric: true, numbers: new Float64Array([20, NaN]), missing: 1 },
      { name: '身長', numeric: true, numbers: new Float64Array([170.5, 160]), missing: 0 },
    ]);
    const german = await tools.csv('1,5;2\n2,5;3\n', { header: 'absent' });
    expect(german.columns[0]).toMatchObject({ numeric: true, numbers: new Float64Array([1.5, 2.5]) });
    expect((await failure(tools.csv('a,b\n1\n'))).message).toMatch(/row 2/);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }),
        async (n) => {
          const read = await tools.csv(n.map((x) => `${x},x`).join('\n'), { header: 'absent' });
          const [first] = read.columns;
          expect(first?.numeric === true && Array.from(first.numbers, (x) => x + 0)).toEqual(
            n.map((x) => x + 0),
          );
        },
      ),
      { numRuns: 100 },
    );
  });

  it('are pictures, packed or not', async () => {
    const tools = await open('worker');
    const images = new Uint8Array([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 10, 20, 30, 40]);
    const labels = new Uint8Array([0, 0, 8, 1, 0, 0, 0, 2, 7, 9]);
    for (const pack of [(b: Uint8Array) => b, (b: Uint8Array) => new Uint8Array(gzipSync(b))]) {
      const array = await tools.idx(pack(images));
      expect(array).toEqual({ dims: [2, 1, 2], values: new Uint8Array([10, 20, 30, 40]) });
      expect(await tools.labeledImages(pack(images), pack(labels))).toEqual({
        count: 2,
        height: 1,
        width: 2,
        pixels: new Uint8Array([10, 20, 30, 40]),
        labels: new Uint8Array([7, 9]),
      });
    }
    expect((await failure(tools.labeledImages(images, labels, 9))).message).toMatch(/label 1 is 9/);
    expect((await failure(tools.idx(images.slice(0, 18)))).message).toMatch(/cut short/);
    const cut = new Uint8Array(gzipSync(images)).slice(0, 20);
    expect((await failure(tools.idx(cut))).message).toMatch(/gzip/);
    const bomb = new Uint8Array(gzipSync(new Uint8Array(80e6)));
    expect((await failure(tools.idx(bomb))).message).toMatch(/more than 67108864 bytes/);
  });
});

describe('what is wrong', () => {
  it('is refused by every method, which work on afterwards', async () => {
    const tools = await open('worker');
    const no = (value: unknown): never => value as never;
    const odd = [NaN, -1, 0.5, 1e300, 'x', null, {}, [], true] as unknown[];
    const real = [NaN, -1, 1e300, 'x', null, {}, [], true] as unknown[]; // where a half is a value
    const given = odd.filter((v) => v !== null); // a name that is null is left out
    const copy = { task: 'copy' } as const;
    const plan: MemoryPlan = { vocab: 10, layers: 1, heads: 1, channels: 8, context: 8 };
    const calls: [string, (value: unknown) => Promise<unknown>, unknown[]][] = [
      ['points', (v) => tools.points(no(v)), odd],
      ['points options', (v) => tools.points('moons', no(v)), [1, 'x', null]],
      ...['n', 'seed', 'inputs'].map(
        (key) => [key, (v: unknown) => tools.points('blobs', { [key]: v }), odd] as never,
      ),
      ['noise', (v) => tools.points('moons', { noise: no(v) }), real],
      ['classes', (v) => tools.points('spirals', { classes: no(v) }), odd],
      ['turns', (v) => tools.points('spirals', { turns: no(v) }), real],
      ['factor', (v) => tools.points('circles', { factor: no(v) }), real],
      ['separation', (v) => tools.points('blobs', { separation: no(v) }), real],
      ['random', (v) => tools.random(no(v), 1), odd],
      ['numbers', (v) => tools.random('normal', no(v)), odd],
      ['seed', (v) => tools.random('normal', 1, no(v)), odd],
      ['sine', (v) => tools.sine({ n: no(v) }), odd],
      ['periods', (v) => tools.sine({ periods: no(v) }), real],
      ['drawnCurve', (v) => tools.drawnCurve(no(v), [0, 1]), [...odd, [1], [1, 1], [0, NaN]]],
      ['interpolation', (v) => tools.drawnCurve([0, 1], [0, 1], { interpolation: no(v) }), given],
      ['sequenceInfo', (v) => tools.sequenceInfo(no(v)), odd],
      ['task', (v) => tools.sequenceInfo({ task: no(v) }), odd],
      ['longest', (v) => tools.sequenceInfo({ ...copy, longest: no(v) }), [...odd, 0, 65]],
      ['index', (v) => tools.sequenceExample(copy, 1, no(v)), odd],
      ['question', (v) => tools.sequenceAnswer(copy, no(v)), [NaN, 'x', null, {}, [999], [0.5]]],
      ['rows', (v) => tools.sequenceRows(copy, { rows: no(v) }), odd],
      ['length', (v) => tools.sequenceRows(copy, { length: no(v) }), [...odd, 3]],
      ['style', (v) => tools.names(no(v), 1), odd],
      ['count', (v) => tools.names('en', no(v)), odd],
      ['lang', (v) => tools.stories(no(v), 100), odd],
      ['bytes', (v) => tools.stories('en', no(v)), odd],
      ['words', (v) => tools.words(no(v), 1), odd],
      ['sentences', (v) => tools.words('en', no(v)), odd],
      ['digits', (v) => tools.digits(no(v)), odd],
      ['slant', (v) => tools.digits(1, { slant: no(v) }), real],
      ['fitDigit', (v) => tools.fitDigit(no(v), 2, 2), [NaN, 'x', null, {}, [], [0, 0, 0], [0, 0, 0, NaN]]],
      ['width', (v) => tools.fitDigit([1], no(v), 1), odd],
      [
        'values',
        (v) => tools.quantize(no(v), 1, 1, { format: 'int8' }),
        [NaN, 'x', null, {}, [], [NaN], [1, 2]],
      ],
      [
        'fp16 values',
        (v) => tools.quantize(no(v), 1, 1, { format: 'fp16' }),
        [NaN, 'x', {}, [], [NaN], [1, 2]],
      ],
      ['columns', (v) => tools.quantize([1], 1, no(v), { format: 'int8' }), odd],
      ['format', (v) => tools.quantize([1], 1, 1, { format: no(v) }), odd],
      ['group', (v) => tools.quantize([1], 1, 1, { format: 'int8', group: no(v) }), odd],
      ['block', (v) => tools.quantize([1], 1, 1, { format: 'int8', block: no(v) }), [...odd, 0]],
      ['memory', (v) => tools.memory(no(v)), odd],
      ...['vocab', 'layers', 'heads', 'channels', 'context', 'batch', 'rank', 'zeroStage', 'workers'].map(
        (key) => [key, (v: unknown) => tools.memory({ ...plan, method: 'lora', [key]: v }), odd] as never,
      ),
      ...['method', 'weights', 'gradients', 'activations', 'cache', 'optimizer', 'targets', 'master'].map(
        (key) =>
          [
            key,
            (v: unknown) => tools.memory({ ...plan, method: 'lora', [key]: v }),
            odd.filter((v) => v !== true && v !== null),
          ] as never,
      ),
      ['csv', (v) => tools.csv(no(v)), [NaN, null, {}, [], true, '', new Uint8Array([0])]],
      ['delimiter', (v) => tools.csv('1,2', { delimiter: no(v) }), [NaN, 'x', {}, '|']],
      ['header', (v) => tools.csv('1,2', { header: no(v) }), [NaN, 'x', {}]],
      ['idx', (v) => tools.idx(no(v)), [...odd, new Uint8Array(2)]],
      ['classes of images', (v) => tools.labeledImages(new Uint8Array(4), new Uint8Array(4), no(v)), odd],
    ];
    for (const [name, call, values] of calls) {
      for (const value of values) {
        const error = await failure(call(value), `${name}(${String(value)})`);
        expect(
          ['invalid_argument', 'unknown_name', 'bad_file', 'shape_mismatch', 'out_of_memory'],
          `${name}(${String(value)}): ${error.message}`,
        ).toContain(error.code);
        expect(error.message.length).toBeGreaterThan(15);
      }
    }
    expect((await tools.points('xor')).t).toHaveLength(4);
    expect((await tools.memory(plan)).total).toBeGreaterThan(0);
  });
});
