// Options and states: whatever comes in by attribute, link or setState is either a checked value or a LabError that says why.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributeOf, defaults, option } from '../../web/src/elements/option.ts';
import { LabError } from '../../web/src/elements/problem.ts';
import { decodeState, encodeState, STATE_LIMIT } from '../../web/src/elements/later/link-text.ts';
import { compactState, parseState, SEED_MAX, type DemoState } from '../../web/src/elements/state.ts';

const label = { en: 'Label', ja: 'ラベル' };
const table = {
  hidden: option.int({ min: 0, max: 8, default: 2, label }),
  lr: option.number({ min: 0, max: 10, default: 0.5, label, live: true }),
  act: option.choice({ values: ['step', 'tanh'], default: 'tanh', label }),
  hard: option.flag({ default: false, label }),
  text: option.text({ max: 20, default: '', label }),
  weights: option.numbers({ length: 3, default: [0, 0, 0] }),
  points: option.points({ inputs: 2, max: 5, default: [[0, 0, 0]] }),
};
const parse = (value: unknown) => parseState(value, 'xor', table, 7);
const refused = (value: unknown): string => {
  try {
    parse(value);
  } catch (reason) {
    expect(reason).toBeInstanceOf(LabError);
    expect((reason as LabError).code).toBe('invalid_argument');
    return (reason as LabError).message;
  }
  throw new Error('it was accepted');
};
const full = (): DemoState => ({ v: 1, slug: 'xor', seed: 3, step: 12, options: defaults(table) });

describe('a state', () => {
  it('takes defaults for what is missing', () => {
    expect(parse({})).toEqual({ v: 1, slug: 'xor', seed: 7, step: 0, options: defaults(table) });
  });
  it('gives back what it was given', () => {
    const state = full();
    state.options = { ...state.options, hidden: 4, act: 'step', points: [[1, -2.5, 1]], weights: [1, 2, 3] };
    expect(parse(structuredClone(state))).toEqual(state);
  });
  it('names an unknown field and an unknown option', () => {
    expect(refused({ speed: 3 })).toContain('"speed"');
    expect(refused({ options: { hiden: 3 } })).toContain('hidden, lr, act');
  });
  it('refuses __proto__, constructor and other inherited names', () => {
    expect(refused(JSON.parse('{"__proto__": {"seed": 1}}'))).toContain('__proto__');
    expect(refused(JSON.parse('{"options": {"__proto__": 1}}'))).toContain('__proto__');
    expect(refused({ options: { constructor: 1 } })).toContain('constructor');
    expect(refused({ options: { toString: 1 } })).toContain('toString');
  });
  it('says what a newer version needs', () => expect(refused({ v: 2 })).toContain('Reload'));
  it('refuses a state of another demo', () =>
    expect(refused({ slug: 'perceptron' })).toContain('perceptron'));
  it('turns -0 into 0', () => {
    expect(Object.is(parse({ options: { lr: -0 } }).options.lr, 0)).toBe(true);
    expect(Object.is(parse({ seed: -0 }).seed, 0)).toBe(true);
  });

  const wrong: [string, unknown][] = [
    ['hidden', 9],
    ['hidden', -1],
    ['hidden', 2.5],
    ['hidden', '2'],
    ['hidden', 1e9],
    ['hidden', null],
    ['lr', Number.NaN],
    ['lr', Infinity],
    ['lr', 1e308],
    ['lr', [0.5]],
    ['act', 'relu'],
    ['act', 1],
    ['hard', 'true'],
    ['hard', 0],
    ['text', 'x'.repeat(21)],
    ['text', 3],
    ['weights', [1, 2]],
    ['weights', [1, 2, Number.NaN]],
    ['weights', [1, 2, 1e7]],
    ['weights', { length: 3 }],
    ['points', [[0, 0, 2]]],
    ['points', [[0, 0]]],
    ['points', [[0, 101, 1]]],
    ['points', Array.from({ length: 6 }, () => [0, 0, 1])],
    ['points', 'all'],
  ];
  it.each(wrong)('refuses %s = %s and names it', (name, value) => {
    expect(refused({ options: { [name]: value } })).toContain(name);
  });
  it.each([1.5, -1, SEED_MAX + 1, Number.NaN, '3', null, {}])('refuses the seed %s', (seed) => {
    expect(refused({ seed })).toContain('seed');
  });
  it.each([1.5, -1, 1e9, '3', null])('refuses the step %s', (step) =>
    expect(refused({ step })).toContain('step'),
  );
  it.each([null, [], 'x', 3, undefined])('refuses %s in place of a state', (value) => {
    expect(refused(value)).toContain('object');
  });

  it('never throws anything but a LabError, whatever JSON comes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        try {
          parse(value);
        } catch (reason) {
          expect(reason).toBeInstanceOf(LabError);
        }
      }),
      { numRuns: 500 },
    );
  });
  it('never lets a value outside its range through', () => {
    const keys = fc.constantFrom(...Object.keys(table));
    fc.assert(
      fc.property(fc.dictionary(keys, fc.anything()), (options) => {
        let state;
        try {
          state = parse({ options });
        } catch {
          return;
        }
        const { hidden, lr, act, hard, text, weights, points } = state.options;
        expect(Number.isInteger(hidden) && hidden >= 0 && hidden <= 8).toBe(true);
        expect(lr >= 0 && lr <= 10).toBe(true);
        expect(['step', 'tanh']).toContain(act);
        expect(typeof hard).toBe('boolean');
        expect(text.length).toBeLessThanOrEqual(20);
        expect(weights.every(Number.isFinite)).toBe(true);
        expect(points.every((p) => p.length === 3 && (p[2] === 0 || p[2] === 1))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a link', () => {
  it('leaves defaults out', () => {
    const state = full();
    state.options = { ...state.options, lr: 2 };
    expect(compactState(state, table)).toEqual({ v: 1, seed: 3, step: 12, options: { lr: 2 } });
  });
  it('comes back as it went, short and long', async () => {
    const points = Array.from({ length: 400 }, (_, i) => [i / 100, 4 - i / 50, i % 2]);
    for (const options of [{ lr: 2 }, { text: 'こんにちは' }, { points }]) {
      const text = await encodeState({ v: 1, seed: 5, options });
      expect(text).toMatch(/^[\w.-]+$/u);
      expect(await decodeState(text)).toEqual({ v: 1, seed: 5, options });
    }
  });
  it('is compressed when that makes it shorter', async () => {
    const text = 'abc'.repeat(500);
    const link = await encodeState({ v: 1, seed: 1, options: { text } });
    expect(link.startsWith('z.')).toBe(true);
    expect(link.length).toBeLessThan(200);
  });
  it('stops unpacking a bomb at the limit', async () => {
    const zeros = new Blob([new Uint8Array(20_000_000)])
      .stream()
      .pipeThrough(new CompressionStream('deflate-raw'));
    const packed = new Uint8Array(await new Response(zeros).arrayBuffer());
    const link = `z.${Buffer.from(packed).toString('base64url')}`;
    await expect(decodeState(link)).rejects.toThrow(String(STATE_LIMIT));
  });
  it('refuses what is too long before it decodes', async () => {
    await expect(decodeState('A'.repeat(5_000_000))).rejects.toThrow('characters');
  });
  it('refuses to make a link that nobody could read', async () => {
    const text = Array.from({ length: 70_000 }, (_, i) => String.fromCharCode(97 + (i % 26))).join('');
    await expect(encodeState({ options: { text } })).rejects.toBeInstanceOf(LabError);
  });
  it.each(['<script>', 'abc', 'z.AAAA', 'z.', '', 'eyJ2Ijo', '%%%', 'z.z.z.'])(
    'refuses "%s" with a LabError',
    async (text) => {
      await expect(decodeState(text)).rejects.toBeInstanceOf(LabError);
    },
  );
  it('refuses cut-off links at every length', async () => {
    const link = await encodeState({ v: 1, seed: 5, options: { text: 'x'.repeat(300) } });
    for (let n = 0; n < link.length; n++)
      await expect(decodeState(link.slice(0, n))).rejects.toBeInstanceOf(LabError);
  });
  it('never throws anything but a LabError for any text', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.base64String().map((s) => `z.${s}`),
          fc.base64String(),
        ),
        async (text) => {
          try {
            await decodeState(text);
          } catch (reason) {
            expect(reason).toBeInstanceOf(LabError);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('an option', () => {
  it('reads an attribute as its own type', () => {
    expect(table.hidden.parse(table.hidden.read('3'), 'hidden')).toBe(3);
    expect(() => table.hidden.parse(table.hidden.read(''), 'hidden')).toThrow('hidden');
    expect(() => table.hidden.parse(table.hidden.read('0x'), 'hidden')).toThrow(LabError);
    expect(table.hard.parse(table.hard.read(''), 'hard')).toBe(true);
    expect(table.hard.parse(table.hard.read('off'), 'hard')).toBe(false);
    expect(() => table.hard.parse(table.hard.read('maybe'), 'hard')).toThrow('hard');
    expect(table.weights.parse(table.weights.read('1, 2  -3.5'), 'weights')).toEqual([1, 2, -3.5]);
  });
  it('refuses a default of its own that is no value', () => {
    expect(() => option.int({ min: 0, max: 3, default: 4 })).toThrow(LabError);
    expect(() => option.points({ inputs: 2, max: 1, default: [[0, 0]] })).toThrow(LabError);
  });
  it('has no control without a label', () => {
    expect(option.int({ min: 0, max: 3, default: 1 }).control).toBe('none');
    expect(table.hidden.control).toBe('range');
  });
  it('becomes an attribute in kebab case', () => expect(attributeOf('hiddenUnits')).toBe('hidden-units'));
  it('hands out fresh defaults', () => {
    defaults(table).points.push([1, 1, 1]);
    expect(defaults(table).points).toEqual([[0, 0, 0]]);
  });
});
