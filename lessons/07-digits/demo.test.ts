/**
 * Every figure of lesson 7: each claim of lesson.json is trained by the real core, and the exercises are graded by it.
 */
import { describe, expect, it } from 'vitest';
import { gzipSync } from 'node:zlib';
import { defaults } from '@x2g/web/elements';
import { inkOf, strokesText, textStrokes } from '@x2g/web/plot';
import { measured } from '../../tests/support/claims.ts';
import { node_session } from '../../tests/support/node-session.ts';
import { openTools } from '../../tests/wasm/tools-support.ts';
import { generated, one_hot, PIXELS, shifted, take, type DataSets } from './data.ts';
import { drawings } from './drawings.ts';
import { HIGH_RATE } from './later/breaks.ts';
import { accuracy_of, checks } from './later/exercises.ts';
import { as_digits, OwnFiles } from './later/own-digits.ts';
import lesson from './lesson.json';
import { limit_of, model, options } from './model.ts';
import { prediction } from './prediction.ts';
import { answer, Watching } from './watching.ts';

type Session = Awaited<ReturnType<typeof node_session>>;
let data: DataSets | undefined;
async function sets(session: Session): Promise<DataSets> {
  data ??= await generated(session);
  return data;
}
const held = (): DataSets['held'] => {
  if (!data) throw new Error('no digits yet');
  return data.held;
};

/** Nets that several claims look at are trained once. */
const trained = new Map<string, Promise<Session>>();
function train(config: object, seed: number, epochs: number): Promise<Session> {
  const key = JSON.stringify([config, seed, epochs]);
  const work = trained.get(key) ?? fresh(config, seed, epochs);
  trained.set(key, work);
  return work;
}
async function fresh(config: object, seed: number, epochs: number): Promise<Session> {
  const session = await node_session('x2g-digits');
  const { train: set } = await sets(session);
  await session.create(model({ ...defaults(options), ...config }, seed, set));
  await session.step(epochs, 'epoch');
  return session;
}

async function outputs(session: Session, name: string): Promise<ArrayLike<number>> {
  const found = Object.entries(drawings).find(([id]) => id === name)?.[1];
  if (!found) throw new Error(`no drawing "${name}"`);
  const pixels = await session.fitDigit(inkOf(found.strokes, 112), 112, 112);
  return (await session.evaluateRows(pixels, ['y'])).y?.data ?? [];
}

const measures: Record<string, (session: Session, of: string) => Promise<number>> = {
  accuracy: (session) => accuracy_of(session, held()),
  'of-100': async (session) => 100 * (await accuracy_of(session, take(held(), 100))),
  'shift-4': (session) => accuracy_of(session, { ...held(), x: shifted(held().x, 4) }),
  drawing: async (session, of) => answer(await outputs(session, of)).digit,
  output: async (session, of) => answer(await outputs(session, of)).value,
};

function seeds_of(text: string): number[] {
  const [first = NaN, last = first] = text.split('-').map(Number);
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

describe('claims of lesson 7', () => {
  for (const claim of lesson.claims)
    it(
      claim.en,
      async () => {
        const [name = '', of = ''] = claim.measure.split(':');
        const count = name === 'above-95';
        const found: number[] = [];
        for (const seed of seeds_of(claim.seeds)) {
          const session = await train(claim.config, seed, claim.epochs);
          const value = await measures[count ? 'accuracy' : name]?.(session, of);
          found.push(value ?? NaN);
        }
        const values = count ? [found.filter((share) => share > 0.95).length] : found;
        measured(import.meta.url, claim.id, values);
        for (const value of values)
          expect(Math.abs(value - claim.value), `measured ${found}`).toBeLessThanOrEqual(
            claim.tolerance + 1e-9,
          );
      },
      120_000,
    );
  it('switches to the rate that is claimed, and runs for ten epochs', () => {
    expect(lesson.claims.find((c) => c.id === 'high-rate')?.config).toEqual({ lr: HIGH_RATE });
    expect(limit_of(defaults(options))).toBe(10 * 500);
    expect(limit_of({ digits: 5000, batch: 7 }, 50)).toBe(10 * 8);
  });
});

describe('exercises of lesson 7', () => {
  const grade = async (id: string, values: number[], choice?: string) => {
    const check = checks.find((c) => c.id === id);
    if (!check) throw new Error(`no check "${id}"`);
    return check.grade({ values, choice }, await node_session('x2g-digits'));
  };
  it('784·30+30+30·10+10 parameters', async () => {
    expect((await grade('parameters', [784 * 30 + 30 + 30 * 10 + 10])).ok).toBe(true);
    expect((await grade('parameters', [784 * 30 + 30 * 10])).ok).toBe(false);
  });
  it('one picture from equal units, and a quarter for one half', async () => {
    expect((await grade('alike', [1])).ok).toBe(true);
    expect((await grade('alike', [30])).ok).toBe(false);
    expect((await grade('quarter', [0.25])).ok).toBe(true);
    expect((await grade('quarter', [0.5])).ok).toBe(false);
  });
  it('less than half after a shift by four pixels', async () => {
    expect((await grade('shift', [], 'less')).ok).toBe(true);
    expect((await grade('shift', [], 'same')).ok).toBe(false);
    expect((await grade('shift', [], 'none')).ok).toBe(false);
  }, 60_000);
});

describe('the digits of lesson 7', () => {
  it('are moved by whole pixels, with paper coming in', () => {
    const x = Float32Array.from({ length: 2 * PIXELS }, (_, i) => i + 1);
    const right = shifted(x, 3);
    expect(Array.from(right.subarray(28, 33))).toEqual([0, 0, 0, 29, 30]);
    const left = shifted(x, -3);
    expect(Array.from(left.subarray(PIXELS, PIXELS + 2))).toEqual([PIXELS + 4, PIXELS + 5]);
    expect(left[PIXELS + 27]).toBe(0);
    expect(shifted(x, 0)).toBe(x);
    expect(shifted(x, 40).every((v) => v === 0)).toBe(true);
  });
  it('can be sorted, pictures and labels together', () => {
    const labels = Uint8Array.of(3, 1, 3, 0);
    const x = Float32Array.from({ length: 4 * PIXELS }, (_, i) => Math.floor(i / PIXELS));
    const sorted = take({ x, labels }, 4, true);
    expect(Array.from(sorted.labels)).toEqual([0, 1, 3, 3]);
    expect([0, 1, 2, 3].map((row) => sorted.x[row * PIXELS])).toEqual([3, 1, 0, 2]);
    expect(Array.from(one_hot(Uint8Array.of(1))).indexOf(1)).toBe(1);
  });
  it('drawn here go into a link and come back', () => {
    for (const { strokes } of Object.values(drawings))
      expect(textStrokes(strokesText(strokes))).toHaveLength(strokes.length);
    expect(() => options.ink.parse('no drawing', 'ink')).toThrow('ink is no drawing');
  });
});

describe('what lesson 7 keeps of its reports', () => {
  const report = (step: number, status: string, y?: number[]) =>
    ({
      step,
      status,
      views: y ? { held: { y: { name: 'y', shape: [2, 10], data: Float32Array.from(y) } } } : {},
    }) as never;
  const good = [...one_hot(Uint8Array.of(4, 2))];
  const labels = Uint8Array.of(4, 2);
  it('is the accuracy where it was measured, the time that it ran, and when it was good', () => {
    const w = new Watching();
    w.take(
      report(
        0,
        'ready',
        good.map((v) => -v),
      ),
      labels,
      1000,
      false,
    );
    w.take(report(0, 'running'), labels, 1000, false);
    w.take(report(10, 'running'), labels, 3000, false);
    w.take(report(20, 'paused', good), labels, 4000, false);
    w.take(report(20, 'running'), labels, 9000, false);
    w.take(report(30, 'done', good), labels, 9500, false);
    expect(w.seconds).toBeCloseTo(3.5, 9);
    expect(w.curve).toEqual({ step: [0, 20, 30], share: [0, 1, 1] });
    expect(w.good).toEqual({ step: 20, seconds: 3 });
    w.take({ ...(report(10, 'paused', good) as object), past: { newest: 30 } } as never, labels, 9600, false);
    expect(w.curve.step).toEqual([0]); // a past step: what came later is only hidden
    expect(w.good).toBeUndefined();
    w.take(report(30, 'done', good), labels, 9700, false);
    expect(w.curve.step).toEqual([0, 20, 30]);
    expect(w.good).toEqual({ step: 20, seconds: 3 });
    w.take(report(20, 'paused', good), labels, 9800, false); // stepped back for good
    expect(w.curve.step).toEqual([0, 20]);
    w.begin();
    expect(w.good).toBeUndefined();
  });
  it('answers the prediction when the net is good, or at the end', () => {
    const at = (share: number | undefined) => prediction(() => share, 100).outcome;
    expect(at(0.96)({ step: 50 } as never)).toBe('most');
    expect(at(0.9)({ step: 50 } as never)).toBeUndefined();
    expect(at(0.8)({ step: 100 } as never)).toBe('some');
    expect(at(0.3)({ step: 100 } as never)).toBe('half');
    expect(at(undefined)({ step: 100 } as never)).toBeUndefined();
  });
});

describe("the reader's own files", () => {
  const head = (...numbers: number[]): number[] =>
    numbers.flatMap((n) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]);
  const count = 12;
  const images = Uint8Array.from([...head(0x803, count, 28, 28), ...new Array(count * PIXELS).fill(255)]);
  const labels = Uint8Array.from([...head(0x801, count), ...new Array(count).fill(7)]);
  const file = (name: string, bytes: Uint8Array) => new File([bytes as Uint8Array<ArrayBuffer>], name);
  const own = () => new OwnFiles(() => openTools('main'));
  it('come in any order, packed or not', async () => {
    const files = own();
    expect(await files.add([file('labels', labels)], 'en')).toBe('images');
    const got = await files.add([file('images.gz', gzipSync(images))], 'en');
    expect(typeof got).toBe('object');
    if (typeof got === 'object') {
      expect(Array.from(got.labels)).toEqual(new Array(count).fill(7));
      expect(got.x).toHaveLength(count * PIXELS);
      expect(got.x[0]).toBe(1);
    }
    expect(await own().add([file('images', images)], 'en')).toBe('labels');
  });
  it('are refused in words when they are damaged, do not fit or are something else', async () => {
    const refused = async (...bytes: Uint8Array[]): Promise<string> =>
      own()
        .add(
          bytes.map((b, i) => file(`file ${i}`, b)),
          'en',
        )
        .then(String, (error: Error) => error.message);
    expect(await refused(Uint8Array.of(1, 2, 3))).toMatch(/\w/u);
    expect(await refused(images.subarray(0, 500))).toMatch(/\d/u);
    expect(await refused(images, Uint8Array.from([...head(0x801, 3), 1, 2, 3]))).toMatch(/3/u);
    expect(
      await refused(images, Uint8Array.from([...head(0x801, count), ...new Array(count).fill(11)])),
    ).toMatch(/11/u);
    expect(await refused(Uint8Array.from([...head(0x802, 2, 2), 1, 2, 3, 4]))).toContain('2 axes');
    expect(() =>
      as_digits(
        { count: 20, height: 8, width: 9, pixels: new Uint8Array(1440), labels: new Uint8Array(20) },
        'en',
      ),
    ).toThrow('9 × 8');
    expect(() =>
      as_digits(
        { count: 3, height: 28, width: 28, pixels: new Uint8Array(3 * PIXELS), labels: new Uint8Array(3) },
        'en',
      ),
    ).toThrow('at least 10');
  });
});
