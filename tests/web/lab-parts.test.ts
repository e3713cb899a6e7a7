// The parts of the lab that need no engine: errors over the wire, saved runs, kept states, the watchdog, buffers to hand over, views.
import { describe, expect, it } from 'vitest';
import { buffersOf } from '../../web/src/lab/buffers.ts';
import { LabError, toLabError, toWire } from '../../web/src/lab/errors.ts';
import { KeptStates } from '../../web/src/lab/kept-states.ts';
import { gptFields, mlpFields } from '../../web/src/lab/normalize.ts';
import { RunStore, type KeyValue, type SavedRun } from '../../web/src/lab/storage.ts';
import type { GptConfig, MlpConfig } from '../../web/src/lab/types.ts';
import { gridPoints } from '../../web/src/lab/views.ts';
import { Watchdog } from '../../web/src/lab/watchdog.ts';

describe('errors', () => {
  it('keep code and sentence on their way through a worker', () => {
    const arrived = toLabError(structuredClone(toWire(new LabError('out_of_memory', 'too large'))));
    expect(arrived).toMatchObject({ code: 'out_of_memory', message: 'too large' });
  });

  it('know what the engine throws, and a trap for what it is', () => {
    expect(toLabError({ code: 'bad_file', message: 'damaged' })).toMatchObject({
      code: 'bad_file',
      message: 'damaged',
    });
    expect(toLabError(new WebAssembly.RuntimeError('unreachable')).code).toBe('engine_failed');
    expect(toLabError(new RangeError('stack')).code).toBe('engine_failed');
    expect(toLabError({ code: 'made_up', message: 'x' }).code).toBe('engine_failed');
    expect(toLabError(undefined).code).toBe('engine_failed');
  });
});

class Memory implements KeyValue {
  readonly map = new Map<string, unknown>();
  writes = 0;
  failAt = Infinity;
  get(key: string): Promise<unknown> {
    return Promise.resolve(structuredClone(this.map.get(key)));
  }
  set(key: string, value: unknown): Promise<void> {
    this.writes += 1;
    if (this.writes >= this.failAt) return Promise.reject(new DOMException('full', 'QuotaExceededError'));
    this.map.set(key, structuredClone(value));
    return Promise.resolve();
  }
  del(key: string): Promise<void> {
    this.map.delete(key);
    return Promise.resolve();
  }
}

const saved = (step: number): SavedRun => ({
  config: { kind: 'gpt', seed: 1 },
  snapshot: new Uint8Array([1, 2, 3, step]),
  step,
  savedAt: 1000 + step,
});

describe('saved runs', () => {
  it('come back as they were, the newest', async () => {
    const store = new RunStore(new Memory());
    expect(await store.load('a')).toBeUndefined();
    expect(await store.save('a', saved(1))).toBe('device');
    expect(await store.save('a', saved(2))).toBe('device');
    expect(await store.load('a')).toEqual(saved(2));
    await store.remove('a');
    expect(await store.load('a')).toBeUndefined();
  });

  it('survive a write that is cut short at any point', async () => {
    for (let cut = 1; cut <= 2; cut += 1) {
      const device = new Memory();
      await new RunStore(device).save('a', saved(1));
      device.failAt = device.writes + cut;
      expect(await new RunStore(device).save('a', saved(2))).toBe('memory');
      expect(await new RunStore(device).load('a')).toEqual(saved(1));
    }
  });

  it('live in memory where storage is denied', async () => {
    const denied = (): Promise<never> => Promise.reject(new DOMException('denied', 'SecurityError'));
    const store = new RunStore({ get: denied, set: denied, del: denied });
    expect(await store.save('a', saved(3))).toBe('memory');
    expect(await store.load('a')).toEqual(saved(3));
    await store.remove('a');
    expect(await store.load('a')).toBeUndefined();
  });

  it('are saved as they stood when save was called, whatever changes while it writes', async () => {
    const device = new Memory();
    const store = new RunStore(device);
    const live = { ...saved(1), curve: [1] };
    const writing = store.save('a', live);
    live.curve.push(2);
    live.snapshot[0] = 9;
    expect(await writing).toBe('device');
    expect(await store.load('a')).toEqual({ ...saved(1), curve: [1] });
  });

  it('keep nothing of the caller in memory either', async () => {
    const denied = (): Promise<never> => Promise.reject(new DOMException('denied', 'SecurityError'));
    const store = new RunStore({ get: denied, set: denied, del: denied });
    const live = { ...saved(1), curve: [1] };
    await store.save('a', live);
    live.curve.push(2);
    expect(await store.load('a')).toEqual({ ...saved(1), curve: [1] });
  });

  it('that are damaged do not come back', async () => {
    const device = new Memory();
    await new RunStore(device).save('a', saved(1));
    const stored = device.map.get('a/a') as { record: SavedRun };
    stored.record.snapshot[0] = 9;
    expect(await new RunStore(device).load('a')).toBeUndefined();
    device.map.set('a/a', 'nonsense');
    expect(await new RunStore(device).load('a')).toBeUndefined();
  });
});

describe('kept states', () => {
  const bytes = (n: number): Uint8Array => new Uint8Array(n);
  const config = (lr: number): MlpConfig => ({ kind: 'mlp', optimizer: { kind: 'sgd', lr } }) as MlpConfig;
  const with_steps = (...steps: number[]): KeptStates => {
    const kept = new KeptStates(config(1));
    for (const step of steps) kept.keep(step, bytes(10));
    return kept;
  };

  it('lead to a step with at least one training step on the way', () => {
    const kept = with_steps(0, 10, 20);
    expect(kept.find(15)?.from.step).toBe(10);
    expect(kept.find(20)?.from.step).toBe(10);
    expect(kept.find(0)?.from.step).toBe(0);
    expect(new KeptStates(config(1)).find(3)).toBeUndefined();
  });

  it('lead through no change but the one made at that very step', () => {
    const kept = with_steps(0, 10, 20);
    kept.newEra(25, config(2));
    kept.keep(25, bytes(10));
    kept.keep(30, bytes(10));
    expect(kept.find(25)).toMatchObject({ from: { step: 20 }, edited: { step: 25 } });
    expect(kept.find(24)).toMatchObject({ from: { step: 20, era: { config: config(1) } } });
    expect(kept.find(27)).toMatchObject({ from: { step: 25, era: { config: config(2) } } });
    kept.newEra(30, config(3)); // within a step: no state of that era is kept
    expect(kept.hasEra).toBe(false);
    expect(kept.find(31)).toBeUndefined();
    expect(kept.find(30)?.edited).toBeUndefined();
  });

  it('forget the future once something else happens', () => {
    const kept = with_steps(0, 10, 20);
    kept.newEra(20, config(2));
    kept.forgetAfter(12);
    expect(kept.find(99)?.from.step).toBe(10);
    expect(kept.era.config).toEqual(config(1));
    kept.keep(5, bytes(10));
    expect(kept.find(99)?.from.step).toBe(5);
  });

  it('stay within their memory, evenly over the run, the beginnings of eras first of all', () => {
    const kept = new KeptStates(config(1));
    for (let step = 0; step < 1000; step += 1) {
      if (step === 77) kept.newEra(77, config(2));
      kept.keep(step, bytes(500_000));
    }
    const marks = kept.marks();
    expect(marks.length).toBeLessThanOrEqual(67);
    expect(marks.length).toBeGreaterThan(20);
    expect(marks).toContain(77);
    expect(marks[0]).toBe(0);
    expect(kept.newest).toBe(999);
    expect(kept.gap(999)).toBeLessThan(70);
  });

  it('of a model of which hardly one fits are not kept', () => {
    const large = new KeptStates(config(1));
    large.keep(0, bytes(20_000_000));
    expect(large.find(0)).toBeUndefined();
    expect(large.newest).toBe(-1);
  });
});

describe('the watchdog', () => {
  it('barks at silence only when something is expected', async () => {
    let barks = 0;
    let expecting = false;
    const dog = new Watchdog({
      silenceMs: 60,
      checkMs: 15,
      expecting: () => expecting,
      onSilence: () => (barks += 1),
    });
    const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
    await rest(150);
    expect(barks).toBe(0);
    expecting = true;
    for (let i = 0; i < 10; i += 1) {
      dog.sign();
      await rest(15);
    }
    const before = barks;
    await rest(400);
    dog.stop();
    expect(before).toBe(0);
    expect(barks).toBeGreaterThan(0);
  });
});

describe('small things', () => {
  it('find every buffer once', () => {
    const a = new Float32Array(3);
    const found = buffersOf({ a, again: a, list: [{ b: new Uint8Array(2) }], numbers: [1, 2], none: null });
    expect(found).toHaveLength(2);
    expect(found[0]).toBe(a.buffer);
  });

  it('put the points of a grid at the centers of cells, x fastest, smallest y first', () => {
    expect([...gridPoints([0, 2], [-1, 1], 2)]).toEqual([0.5, -0.5, 1.5, -0.5, 0.5, 0.5, 1.5, 0.5]);
    for (const cells of [0, 1.5, 1e6, NaN]) expect(() => gridPoints([0, 1], [0, 1], cells)).toThrow(LabError);
  });

  it('refuse configs that are no configs', () => {
    expect(() => mlpFields({ kind: 'mlp' } as MlpConfig)).toThrow(/init is undefined/);
    const gpt = { kind: 'gpt', corpus: { kind: 'poems' } } as unknown as GptConfig;
    expect(() => gptFields(gpt)).toThrow(/corpus.kind is "poems"/);
  });
});
