// The session on the real module: on the page's own thread, and through workers that are message channels in this process, so that one
// can be made to hang or die. Workers of a browser are met in tests/browser.
import { afterEach, describe, expect, it } from 'vitest';
import { LabError } from '../../web/src/lab/errors.ts';
import { Session, type Parts } from '../../web/src/lab/session.ts';
import type { Report } from '../../web/src/lab/types.ts';
import { FakeWorker } from './fake-worker.ts';
import { source, tinyGpt, until, xor } from './support.ts';

const sessions: Session[] = [];
const workers: FakeWorker[] = [];
afterEach(() => {
  for (const session of sessions.splice(0)) session.dispose();
  for (const worker of workers.splice(0)) if (!worker.terminated) worker.terminate();
});

async function open(where: 'main' | 'worker' | 'auto', o: Partial<Parts> = {}): Promise<Session> {
  const parts: Parts = {
    load: () => source(),
    loadBytes: () => source(),
    worker: async () => {
      const worker = new FakeWorker();
      workers.push(worker);
      return worker as unknown as Worker;
    },
    silenceMs: 5000,
    ...o,
  };
  const session = await Session.open({ where }, parts);
  sessions.push(session);
  return session;
}

describe.each(['main', 'worker'] as const)('a session (%s)', (where) => {
  it('creates, runs, reports, pauses and changes the rate', async () => {
    const session = await open(where);
    expect(session.capabilities).toMatchObject({ where, variant: 'simd128' });
    const info = await session.create(xor());
    expect(info.parameterCount).toBe(9);
    const seen: Report[] = [];
    session.onReport((r) => seen.push(r));
    await session.watch([{ id: 'map', kind: 'grid', x: [0, 1], y: [0, 1], cells: 4, tensors: ['y'] }]);
    await session.run();
    await until(() => seen.length >= 3);
    await session.configure({ lr: 0.25 });
    const paused = await session.pause();
    expect(paused.status).toBe('paused');
    expect(paused.step).toBeGreaterThan(0);
    expect(paused.views.map?.y?.shape).toEqual([16, 1]);
    expect((await session.step(1)).lr).toBe(0.25);
    expect((await session.tensor('W1')).data).toHaveLength(4);
    expect((await session.checkGradient('W1', 0)).relativeError).toBeLessThan(1e-6);
  });

  it('hands errors over with their code and sentence', async () => {
    const session = await open(where);
    const faults: [Promise<unknown>, string][] = [
      [session.report(), 'bad_state'],
      [session.create({ ...xor(), sizes: [2, 0, 1] }), 'invalid_argument'],
      [session.create({ ...xor(), hidden: 'gleu' as 'relu' }), 'unknown_name'],
      [session.create({ ...xor(), x: [1] }), 'shape_mismatch'],
      [session.create({ ...tinyGpt(), layers: 12, channels: 768, heads: 12, context: 256 }), 'out_of_memory'],
    ];
    for (const [fault, code] of faults) {
      const error = await fault.then(
        () => undefined,
        (e: unknown) => e,
      );
      expect(error).toBeInstanceOf(LabError);
      expect(error).toMatchObject({ code });
      expect((error as LabError).message).toMatch(/^.{15,}/);
    }
  });

  it('writes while it trains, in whole characters, and looks inside', async () => {
    const session = await open(where);
    await session.create({
      ...tinyGpt(),
      tokenizer: 'byte',
      corpus: { kind: 'stories', lang: 'ja', bytes: 8000, seed: 1 },
    });
    await session.step(30);
    await session.run();
    const pieces: string[] = [];
    const o = { prompt: 'ある日', tokens: 40, temperature: 1, topK: 0, seed: 7 };
    const text = await session.generate(o, (piece) => pieces.push(piece));
    expect(pieces.join('')).toBe(text);
    expect(pieces.length).toBeLessThan(o.tokens / 2); // handed on by the slice, not by the token
    const before = (await session.pause()).step;
    expect(before).toBeGreaterThan(30);
    const again = await session.generate({ ...o, temperature: 0 }, () => undefined);
    expect(await session.generate({ ...o, temperature: 0 }, () => undefined)).toBe(again);

    const inside = await session.look('ある日');
    expect(inside.tokens).toHaveLength(9);
    expect(inside.attention).toHaveLength(2 * 2 * 9 * 9);
    const row = inside.attention.subarray(8 * 9, 9 * 9);
    expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
    expect(inside.next.length).toBeLessThanOrEqual(50);
  });

  it('stops writing when it is told to', async () => {
    const session = await open(where);
    await session.create(tinyGpt());
    const stop = new AbortController();
    const o = { prompt: 'Once', tokens: 100_000, temperature: 1, topK: 5, seed: 1 };
    const text = session.generate(o, () => stop.abort(), stop.signal);
    await expect(text).rejects.toMatchObject({ code: 'bad_state' });
    const short = await session.generate({ ...o, tokens: 500, stop: ' ' }, () => undefined);
    expect(short).not.toContain(' ');
  });

  it('times activations and makes points', async () => {
    const session = await open(where);
    const ns = await session.timeActivation('gelu_tanh', 4096, 'forward');
    expect(ns).toBeGreaterThan(0.01);
    expect(ns).toBeLessThan(1000);
    const { y, dy } = await session.activation('relu', [-2, 3]);
    expect([...y, ...dy]).toEqual([0, 3, 0, 1]);
    expect(await session.points('xor')).toEqual({ x: [0, 0, 0, 1, 1, 0, 1, 1], t: [0, 1, 1, 0], inputs: 2 });
    expect((await session.points('blobs', { n: 10, seed: 3 })).t.length).toBe(10);
    expect((await session.stories('en', 500, 1)).length).toBeGreaterThanOrEqual(500);
  });
});

it('hears nothing older than the answer it has had', async () => {
  const session = await open('worker');
  await session.create(xor());
  const told: number[] = [];
  session.onReport((r) => told.push(r.step));
  let between = 0;
  for (let end = 20_000; end <= 200_000; end += 20_000) {
    const from = told.length;
    expect((await session.step(20_000)).step).toBe(end);
    between += told.length - from;
    told.push(end);
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(between).toBeGreaterThan(0); // reports came while it stepped
  expect(told).toEqual([...told].sort((a, b) => a - b));
}, 30_000);

describe('a session outlives its worker', () => {
  async function running(o: Partial<Parts> = {}): Promise<{ session: Session; seen: Report[] }> {
    const session = await open('worker', o);
    await session.create(xor());
    const seen: Report[] = [];
    session.onReport((r) => seen.push(r));
    await session.run({ stepsPerSecond: 500 });
    await until(() => (seen.at(-1)?.step ?? 0) > 1200); // a snapshot is taken every 2 s
    return { session, seen };
  }

  it('when that dies', async () => {
    const { session, seen } = await running();
    const failed = new Promise<[LabError, boolean]>((resolve) => {
      session.onFailure((e, recovered) => resolve([e, recovered]));
    });
    const start = performance.now();
    workers[0]?.onerror?.({ message: 'boom', preventDefault: () => undefined });
    const [error, recovered] = await failed;
    expect(performance.now() - start).toBeLessThan(1000);
    expect(recovered).toBe(true);
    expect(error.code).toBe('engine_failed');
    const { length } = seen;
    await until(() => seen.length > length + 2);
    expect(seen[length + 1]?.step).toBeGreaterThan(300); // from the snapshot, not from the beginning
    expect(workers.map((w) => w.terminated)).toEqual([true, false]);
  });

  it('when that hangs', async () => {
    const { session, seen } = await running({ silenceMs: 400 });
    let recovered = false;
    session.onFailure((_, ok) => (recovered = ok));
    if (workers[0]) workers[0].hung = true;
    await until(() => recovered, 3000);
    const { length } = seen;
    await until(() => seen.length > length + 2);
    expect((await session.pause()).step).toBeGreaterThan(300);
  });

  it('but not for ever', async () => {
    const { session } = await running();
    const outcomes: boolean[] = [];
    session.onFailure((_, recovered) => outcomes.push(recovered));
    for (let i = 0; i < 4; i += 1) {
      workers.at(-1)?.onerror?.({ message: 'boom', preventDefault: () => undefined });
      await until(() => outcomes.length > i);
    }
    expect(outcomes).toEqual([true, true, true, false]);
    await expect(session.report()).rejects.toMatchObject({ code: 'bad_state' });
  });

  it('and falls back to the page where no worker starts', async () => {
    const session = await open('auto', { worker: () => Promise.reject(new Error('blocked by a policy')) });
    expect(session.capabilities.where).toBe('main');
    await session.create(xor());
    expect((await session.step(3)).step).toBe(3);
    await expect(open('worker', { worker: () => Promise.reject(new Error('no')) })).rejects.toMatchObject({
      code: 'not_loaded',
    });
  });

  it('until it is disposed of', async () => {
    const { session } = await running();
    const slow = session.step(1e9).catch((e: unknown) => e);
    await new Promise((resolve) => setTimeout(resolve, 20));
    session.dispose();
    session.dispose();
    expect(await slow).toBeInstanceOf(LabError);
    expect(workers[0]?.terminated).toBe(true);
    await expect(session.report()).rejects.toMatchObject({ code: 'bad_state' });
  });
});
