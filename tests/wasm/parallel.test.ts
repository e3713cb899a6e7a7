// Data-parallel workers on the real engine: the leader is a session's, the workers are message channels in this process. A number of shares
// means the same bits, whoever computes them; different numbers agree to rounding. How fast several cores are is measured, not tested.
import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { EngineSource } from '../../web/src/lab/engine.ts';
import { gptFields } from '../../web/src/lab/normalize.ts';
import { mean } from '../../web/src/lab/parallel-exchange.ts';
import { SharedRun } from '../../web/src/lab/parallel-run.ts';
import { Session, type Parts } from '../../web/src/lab/session.ts';
import type { GptConfig, Report } from '../../web/src/lab/types.ts';
import { FakeWorker } from './fake-worker.ts';
import { engine, limit, tinyGpt, until } from './support.ts';
import { TeamWorker } from './team-worker.ts';

let compiled: Promise<WebAssembly.Module> | undefined;
async function load(): Promise<EngineSource> {
  compiled ??= readFile(new URL('../../web/engine/x2g-text.wasm', import.meta.url)).then((bytes) =>
    WebAssembly.compile(bytes),
  );
  return { variant: 'simd128', wasm: await compiled };
}

const sessions: Session[] = [];
let members: TeamWorker[] = [];
const plain: FakeWorker[] = [];
afterEach(() => {
  for (const session of sessions.splice(0)) session.dispose();
  for (const worker of plain.splice(0)) if (!worker.terminated) worker.terminate();
  members = [];
});

async function open(where: 'main' | 'worker' | 'auto' = 'worker', o: Partial<Parts> = {}): Promise<Session> {
  const parts: Parts = {
    load,
    loadBytes: load,
    worker: async (engine) => {
      const worker = engine === 'team' ? new TeamWorker() : new FakeWorker();
      if (worker instanceof TeamWorker) members.push(worker);
      else plain.push(worker);
      return worker as unknown as Worker;
    },
    silenceMs: 5000,
    ...o,
  };
  const session = await Session.open({ where, engine: 'text' }, parts);
  sessions.push(session);
  return session;
}

const shared = (workers: number, o: Partial<GptConfig> = {}): GptConfig => ({ ...tinyGpt(), ...o, workers });

/** The losses of so many steps, and all weights after them. */
async function trained(session: Session, config: GptConfig, steps: number) {
  await session.create(config);
  const losses = [(await session.report()).loss];
  for (let i = 0; i < steps; i += 1) losses.push((await session.step(1)).loss);
  return { losses, weights: await session.weights() };
}

describe('a run in shares', () => {
  it('keeps the loss of its batch in a snapshot, whatever share it is at', async () => {
    const { GptRun } = await engine();
    const fields = { ...gptFields(tinyGpt()), shares: 2 };
    const make = () => new SharedRun(new GptRun(fields, limit), fields);
    const [run, straight, other] = [make(), make(), make()];
    for (const one of [run, straight]) one.work(3 * one.unitsPerStep(), 3);
    const { loss } = run.numbers();
    for (let left = run.unitsPerStep() - 1; left > 0; left -= 1) {
      run.work(1, 4);
      other.restore(run.snapshot());
      expect(other.numbers()).toMatchObject({ step: 3, loss });
    }
    for (const one of [run, straight]) one.work(one.unitsPerStep(), 4);
    expect(run.numbers().loss).toBe(straight.numbers().loss);
    expect(run.snapshot()).toEqual(straight.snapshot());
    for (const one of [run, straight, other]) one.delete();
  });
});

describe('workers together', () => {
  it('have the losses of one worker, to rounding', async () => {
    const alone = await trained(await open(), tinyGpt(), 20);
    for (const workers of [2, 4, 8]) {
      const team = await trained(await open(), shared(workers), 20);
      team.losses.forEach((loss, i) => {
        const one = alone.losses[i] ?? NaN;
        expect(Math.abs(loss / one - 1), `${workers} workers, step ${i}`).toBeLessThan(i < 2 ? 1e-6 : 1e-4);
      });
      expect(team.losses.at(-1)).toBeLessThan((team.losses[0] ?? 0) - 0.3); // it learns
    }
  });

  it.each([
    [2, 8],
    [3, 6],
    [4, 8],
  ])('%d of them have the bits of one engine that takes all shares', async (workers, batch) => {
    const config = shared(workers, { batch });
    const team = await trained(await open(), config, 12);
    expect(members).toHaveLength(workers);
    const alone = await trained(await open('main'), config, 12);
    expect(team.losses).toEqual(alone.losses);
    expect(team.weights).toEqual(alone.weights);
  });

  it('run, pause and stand, and go on to the same bits', async () => {
    const session = await open();
    await session.create(shared(2));
    const seen: Report[] = [];
    session.onReport((r) => seen.push(r));
    await session.run({ until: 60 });
    await until(() => (seen.at(-1)?.step ?? 0) > 5);
    const paused = await session.pause();
    expect(paused.step).toBeGreaterThan(5);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect((await session.report()).step).toBe(paused.step);
    await session.run({ until: 60 });
    await until(() => seen.at(-1)?.status === 'done');
    const report = await session.report();
    const again = await open('main');
    await again.create(shared(2));
    expect((await again.step(60)).loss).toBe(report.loss);
    expect(seen.flatMap((r) => r.history.step).at(-1)).toBe(60);
  });

  it('follow what is changed from outside: rates, weights, snapshots, past steps, another seed', async () => {
    const story = async (session: Session): Promise<number[]> => {
      const losses: number[] = [];
      const step = async (n: number): Promise<void> => void losses.push((await session.step(n)).loss);
      await session.create(shared(2));
      await step(4);
      await session.configure({ lr: 1e-3 });
      await step(2);
      const snapshot = await session.snapshot();
      const { name, data } = await session.tensor('wte');
      await session.set(
        name,
        Array.from(data, (v) => v * 1.25),
      );
      losses.push((await session.report()).loss);
      await step(3);
      await session.restore(snapshot);
      await step(3);
      await session.back();
      losses.push((await session.report()).loss);
      await step(2);
      await session.goTo(7);
      losses.push((await session.report()).loss);
      await step(2);
      await session.reset(9);
      await step(2);
      return losses;
    };
    expect(await story(await open())).toEqual(await story(await open('main')));
  });

  it('evaluate the batches that one worker evaluates', async () => {
    const config = { evalEvery: 2, evalBatches: 2 };
    const one = await open();
    await one.create({ ...tinyGpt(), ...config });
    const team = await open();
    await team.create(shared(2, config));
    const [a, b] = [await one.step(4), await team.step(4)];
    expect(b.valLoss).not.toBeNull();
    expect(b.valLoss).toBeCloseTo(a.valLoss ?? NaN, 4);
    expect(b.trainLoss).toBeCloseTo(a.trainLoss ?? NaN, 4);
  });

  it('write and look inside while they train', async () => {
    const session = await open();
    await session.create(shared(2));
    await session.run();
    const text = await session.generate(
      { prompt: 'The ', tokens: 12, temperature: 1, topK: 0, seed: 3 },
      () => {},
    );
    expect(text.length).toBeGreaterThan(0);
    expect((await session.look('The cat')).tokens).toHaveLength(7);
    expect((await session.pause()).step).toBeGreaterThan(0);
  });

  it('stop where numbers are no numbers any more, and name the tensor', async () => {
    const session = await open();
    await session.create(shared(2, { optimizer: { kind: 'sgd', lr: 1e6 } }));
    const report = await session.step(50);
    expect(report.status).toBe('diverged');
    expect(report.problem?.tensor).toMatch(/./);
    await session.reset(2);
    expect((await session.report()).status).toBe('ready');
  });

  it('are refused where they do not divide the batch, and the run before them stays', async () => {
    const session = await open();
    await session.create(tinyGpt());
    const before = await session.step(2);
    await expect(session.create(shared(3))).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(session.create(shared(9))).rejects.toMatchObject({ code: 'invalid_argument' });
    expect((await session.report()).loss).toBe(before.loss);
    expect(members.every((worker) => worker.terminated)).toBe(true);
  });

  it('come and go with the run', async () => {
    const session = await open();
    await session.create(shared(2));
    expect(plain[0]?.terminated).toBe(true);
    await session.step(1);
    await session.create(tinyGpt());
    expect(members.map((worker) => worker.terminated)).toEqual([true, true]);
    expect((await session.step(1)).step).toBe(1);
    await session.create(shared(4));
    expect(members).toHaveLength(6);
    session.dispose();
    expect(members.every((worker) => worker.terminated)).toBe(true);
  });
});

/** Whether the session's next failure was recovered from. */
const recovery = (session: Session): Promise<boolean> =>
  new Promise((resolve) => session.onFailure((_, recovered) => resolve(recovered)));

describe('a team that loses a worker', () => {
  it('is replaced by another one, which goes on to the same bits', async () => {
    const session = await open();
    await session.create(shared(2));
    await session.step(3);
    const failed = recovery(session);
    members[1]?.die();
    expect(await failed).toBe(true);
    expect(members.map((worker) => worker.terminated)).toEqual([true, true, false, false]);
    const { step } = await session.report();
    const after = await session.step(6 - step);
    const other = await open('main');
    await other.create(shared(2));
    expect(after.loss).toBe((await other.step(6)).loss);
  });

  it('notices a worker that falls silent', async () => {
    const session = await open();
    await session.create(shared(2));
    await session.step(1);
    const failed = recovery(session);
    members[1]?.hang();
    await session.run();
    expect(await failed).toBe(true);
    await until(() => members.length === 4);
    await until(() => true);
    expect((await session.pause()).status).toBe('paused');
  }, 20_000);

  it('never was one where no second worker starts: one takes all shares', async () => {
    let started = 0;
    const session = await open('worker', {
      worker: async (engine) => {
        if (engine === 'team' && started++ % 3 === 1) throw new Error('no more workers');
        const worker = engine === 'team' ? new TeamWorker() : new FakeWorker();
        if (worker instanceof TeamWorker) members.push(worker);
        else plain.push(worker);
        return worker as unknown as Worker;
      },
    });
    const alone = await trained(session, shared(2), 3);
    expect(members.filter((worker) => !worker.terminated)).toHaveLength(1);
    const main = await trained(await open('main'), shared(2), 3);
    expect(alone.losses).toEqual(main.losses);
  });
});

describe('the mean of gradients', () => {
  it('is rounded once, from sums in double precision', () => {
    const parts = [0, 1, 2].map((k) => Float32Array.from([1e8, 0.1, -3], (v) => v * (k + 1)));
    const out = new Float32Array(3);
    mean(out, parts);
    const exact = [0, 1, 2].map((i) => Math.fround(parts.reduce((s, p) => s + (p[i] ?? 0), 0) / 3));
    expect(out[1]).toBe(exact[1]);
    mean(parts[0] as Float32Array, parts.slice(0, 2));
    expect(Array.from(parts[0] ?? [])).toEqual([1.5e8, 0.15, -4.5].map(Math.fround));
  });
});
