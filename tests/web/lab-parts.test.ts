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
    const wired = toWire(new LabError('out_of_memory', 'too large'));
    const arrived = toLabError(Object.assign(new Error(wired.message), { name: wired.name }));
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

  it('are found at or before a step, within their era', () => {
    const kept = new KeptStates();
    for (const step of [0, 10, 20]) kept.keep(step, bytes(10));
    expect(kept.find(15)?.step).toBe(10);
    expect(kept.find(20)?.step).toBe(20);
    kept.newEra();
    kept.keep(25, bytes(10));
    expect(kept.find(24)).toBeUndefined(); // the rate may have been another on the way there
    expect(kept.find(20)?.step).toBe(20);
    expect(kept.find(30)?.step).toBe(25);
  });

  it('forget the future once something else happens', () => {
    const kept = new KeptStates();
    for (const step of [0, 10, 20]) kept.keep(step, bytes(10));
    const state = kept.find(10);
    if (state) kept.returnTo(state);
    expect(kept.find(99)?.step).toBe(10);
    kept.keep(5, bytes(10));
    expect(kept.find(99)?.step).toBe(5);
  });

  it('stay within their memory, and keep nothing of large models', () => {
    const kept = new KeptStates();
    for (let step = 0; step < 100; step += 1) kept.keep(step, bytes(500_000));
    expect(kept.find(50)).toBeUndefined();
    expect(kept.find(99)?.step).toBe(99);
    const large = new KeptStates();
    large.keep(0, bytes(2_000_000));
    expect(large.find(0)).toBeUndefined();
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
