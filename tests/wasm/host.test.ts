// The host on the real module: what runs learn, how they stop, go back and are restored, and what they say when they cannot.
import { afterEach, describe, expect, it } from 'vitest';
import type { Host, HostEvent } from '../../web/src/lab/host.ts';
import type { Report } from '../../web/src/lab/types.ts';
import { and, host, tinyGpt, until, xor } from './support.ts';

const open: Host[] = [];
async function make(): Promise<{ h: Host; events: HostEvent[] }> {
  const { host: h, events } = await host();
  open.push(h);
  return { h, events };
}
afterEach(() => {
  for (const h of open.splice(0)) h.close();
});

const reports = (events: HostEvent[]): Report[] =>
  events.flatMap((e) => (e.kind === 'report' ? [e.report] : []));
const weights = (h: Host): number[] => ['W1', 'b1', 'W2', 'b2'].flatMap((name) => [...h.tensor(name).data]);

describe('a run', () => {
  it('learns XOR and says when the given step is reached', async () => {
    const { h, events } = await make();
    h.create({ ...xor(2), sizes: [2, 4, 1] });
    h.run({ until: 3000 });
    await until(() => reports(events).at(-1)?.status === 'done');
    const last = reports(events).at(-1);
    expect(last?.step).toBe(3000);
    expect(last?.loss).toBeLessThan(0.05);
    const out = h.evaluateRows([0, 0, 0, 1, 1, 0, 1, 1], ['y']).y?.data ?? [];
    expect([...out].map(Math.round)).toEqual([0, 1, 1, 0]);
  });

  it('lets the loss of a GPT fall from about ln V', async () => {
    const { h } = await make();
    const info = h.create(tinyGpt());
    const first = h.report().loss;
    expect(first).toBeGreaterThan(Math.log(info.vocab ?? 0) * 0.9);
    expect(first).toBeLessThan(Math.log(info.vocab ?? 0) * 1.2);
    const after = await h.step(150);
    expect(after.loss).toBeLessThan(first * 0.75);
  });

  it('gives the same bits for the same seed, however it is cut into steps', async () => {
    const { h: a } = await make();
    const { h: b } = await make();
    a.create(xor(7));
    b.create(xor(7));
    await a.step(500);
    for (let i = 0; i < 50; i += 1) await b.step(10);
    expect(weights(b)).toEqual(weights(a));
    await b.step(2 * 9, 'node'); // into the middle of a step and on
    await b.step(501 - b.report().step);
    await a.step(501 - a.report().step);
    expect(weights(b).length).toBe(9);
  });

  it('keeps to a pace', async () => {
    const { h, events } = await make();
    h.create(xor());
    const start = performance.now();
    h.run({ stepsPerSecond: 100 });
    await until(() => (reports(events).at(-1)?.step ?? 0) >= 30);
    const rate = ((reports(events).at(-1)?.step ?? 0) / (performance.now() - start)) * 1000;
    h.pause();
    expect(rate).toBeGreaterThan(50);
    expect(rate).toBeLessThan(150);
  });

  it('stops at once', async () => {
    const { h, events } = await make();
    h.create({
      ...tinyGpt(),
      batch: 16,
      context: 64,
      channels: 64,
      corpus: { kind: 'stories', lang: 'en', bytes: 50_000, seed: 1 },
    });
    h.run();
    await until(() => reports(events).length > 2);
    const start = performance.now();
    await new Promise((resolve) => setTimeout(resolve)); // as a message would arrive: between two slices
    const report = h.pause();
    expect(performance.now() - start).toBeLessThan(250);
    expect(report.status).toBe('paused');
    const { step } = report;
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(h.report().step).toBe(step);
  });

  it('evaluates on unseen text in between without touching the training', async () => {
    const { h, events } = await make();
    h.create({ ...tinyGpt(), evalEvery: 5, evalBatches: 2 });
    h.run({ until: 12 });
    await until(() => reports(events).at(-1)?.status === 'done');
    const last = reports(events).at(-1);
    expect(reports(events).flatMap((r) => r.history.valStep)).toEqual([5, 10]);
    expect(last?.valLoss).toBeGreaterThan(1);
    expect(last?.trainLoss).toBeGreaterThan(1);
    const { h: plain } = await make();
    plain.create(tinyGpt());
    await plain.step(12);
    expect(plain.tensor('wte').data).toEqual(h.tensor('wte').data);
  });

  it('pauses as diverged and names the tensor', async () => {
    const { h, events } = await make();
    h.create({
      ...xor(),
      loss: 'mse',
      output: 'identity',
      hidden: 'relu',
      optimizer: { kind: 'sgd', lr: 1e6 },
    });
    h.run();
    await until(() => reports(events).at(-1)?.status === 'diverged');
    expect(reports(events).at(-1)?.problem?.tensor).toMatch(/^(z|h|y|W|b|loss)/);
    expect(() => h.run()).toThrow(/diverged/);
    expect(h.reset(1).status).toBe('ready');
  });

  it('tells the history once, thinned by the step alone', async () => {
    const { h, events } = await make();
    h.create(xor());
    h.run({ until: 5000 });
    await until(() => reports(events).at(-1)?.status === 'done');
    const steps = reports(events).flatMap((r) => r.history.step);
    expect(steps.slice(0, 1024)).toEqual(Array.from({ length: 1024 }, (_, i) => i + 1));
    expect(new Set(steps).size).toBe(steps.length);
    expect(steps.length).toBe(1024 + 512 + 512 + 113);
  });
});

describe('stepping', () => {
  it('goes node by node and says where it stands', async () => {
    const { h } = await make();
    const info = h.create(xor());
    const report = await h.step(2, 'node');
    expect(report.step).toBe(0);
    expect(report.grain).toEqual({ phase: 'forward', node: 1, name: info.nodes[1]?.name });
    const done = await h.step(1);
    expect(done.step).toBe(1);
    expect(done.grain).toBeUndefined();
  });

  it('steps by epochs where there are any', async () => {
    const { h } = await make();
    h.create({ ...xor(), batch: 1 });
    await h.step(1);
    expect((await h.step(2, 'epoch')).step).toBe(8);
    h.create(tinyGpt());
    expect(() => h.step(1, 'epoch')).toThrow(/epoch/);
  });

  it('goes back to any recent step with the same bits', async () => {
    const { h } = await make();
    h.create(xor(3));
    await h.step(20);
    const at20 = weights(h);
    await h.step(1);
    const at21 = weights(h);
    expect(h.back().step).toBe(20);
    expect(weights(h)).toEqual(at20);
    for (let step = 19; step >= 0; step -= 1) expect(h.back().step).toBe(step);
    expect(() => h.back()).toThrow(/first step/);
    await h.step(21);
    expect(weights(h)).toEqual(at21);
  });

  it('goes back over a change of the rate only to what was kept', async () => {
    const { h } = await make();
    h.create(xor(3));
    await h.step(5);
    const before = weights(h);
    h.configure({ lr: 0.01 });
    await h.step(1);
    expect(h.report().lr).toBe(0.01);
    h.back();
    expect(weights(h)).toEqual(before);
  });

  it('shows a perceptron what it did, and that it stops', async () => {
    const { h, events } = await make();
    h.create(and());
    const first = await h.step(1);
    expect(first.perceptron?.trace).toHaveLength(1);
    expect(first.perceptron?.trace[0]).toMatchObject({
      step: 1,
      x: [0, 0],
      before: [0, 0, 0],
      target: 0,
      output: 1,
      error: -1,
    });
    h.run();
    await until(() => reports(events).at(-1)?.status === 'done');
    const end = h.report();
    expect(end.loss).toBe(0);
    expect(end.perceptron).toMatchObject({ converged: true, wrong: 0, cycles: false });
    const after = await h.step(1);
    expect(after.step).toBe(end.step + 1);
    expect(after.perceptron?.weights).toEqual(end.perceptron?.weights);
  });
});

describe('states', () => {
  it.each(['mlp', 'perceptron', 'gpt'])('of a %s restore with the same bits', async (kind) => {
    const config =
      kind === 'mlp'
        ? { ...xor(5), batch: 3 }
        : kind === 'gpt'
          ? tinyGpt()
          : { ...and(), t: [0, 1, 1, 0], shuffled: true };
    const { h: a } = await make();
    a.create(config);
    await a.step(13);
    const kept = a.snapshot();
    await a.step(17);
    const end = a.snapshot();
    const { h: b } = await make();
    b.create(config);
    expect(b.restore(kept).step).toBe(13);
    await b.step(17);
    expect(Buffer.from(b.snapshot()).equals(Buffer.from(end))).toBe(true);
  });

  it('refuses damaged or foreign bytes and stays as it was', async () => {
    const { h } = await make();
    h.create(xor(5));
    await h.step(3);
    const bytes = h.snapshot();
    const before = weights(h);
    const broken = bytes.slice();
    broken[70] = (broken[70] ?? 0) ^ 1;
    for (const wrong of [broken, bytes.slice(0, 40), new Uint8Array(0)]) {
      expect(() => h.restore(wrong)).toThrow(expect.objectContaining({ code: 'bad_file' }));
    }
    expect(weights(h)).toEqual(before);
    expect(h.report().step).toBe(3);
  });

  it('travel as weights in a safetensors file', async () => {
    for (const config of [xor(4), tinyGpt()]) {
      const { h: a } = await make();
      const { h: b } = await make();
      a.create(config);
      await a.step(10);
      b.create({ ...config, seed: 99 });
      b.loadWeights(a.saveWeights());
      const name = config.kind === 'gpt' ? 'wte' : 'W1';
      expect(b.tensor(name).data).toEqual(a.tensor(name).data);
    }
  });
});
