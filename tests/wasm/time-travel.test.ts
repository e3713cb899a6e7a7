// Any past step shows what it showed, to the last bit: figures, weights, gradients, forward passes; and the newest step comes back as it was.
import { describe, expect, it } from 'vitest';
import type { Host } from '../../web/src/lab/host.ts';
import type { MlpConfig, Report, ViewSpec } from '../../web/src/lab/types.ts';
import { and, host, tinyGpt, until, xor } from './support.ts';

/** What a reader sees of a report; of history and trace a report carries only what is new. */
function settled(report: Report): unknown {
  const of_now = ['history', 'past', 'rewound', 'status', 'stepsPerSecond', 'tokensPerSecond'];
  const rest = Object.fromEntries(Object.entries(report).filter(([name]) => !of_now.includes(name)));
  const { perceptron: p } = report;
  return p ? { ...rest, perceptron: { ...p, trace: p.trace.at(-1) } } : rest;
}

const tensor = (name: string, grad = false): ViewSpec => ({
  id: `${name}${grad}`,
  kind: 'tensor',
  name,
  grad,
});
const views: ViewSpec[] = [
  tensor('W1'),
  tensor('b2'),
  tensor('W1', true),
  tensor('h1'),
  tensor('h1', true),
  { id: 'plane', kind: 'grid', x: [0, 1], y: [0, 1], cells: 5, tensors: ['y', 'h1'] },
];

const net = (over: Partial<MlpConfig> = {}): MlpConfig => ({
  ...xor(5),
  sizes: [2, 3, 1],
  batch: 3,
  optimizer: { kind: 'adam', lr: 0.05, warmup: 7, total: 60, minLr: 0.001 },
  ...over,
});

async function begun(config: Parameters<Host['create']>[0], specs: ViewSpec[] = []): Promise<Host> {
  const { host: h } = await host();
  h.create(config);
  h.watch(specs);
  return h;
}

/** Steps one by one and looks at every step in turn, in an order of its own. */
async function walk(h: Host, steps: number, order: number[]): Promise<void> {
  const seen = [settled(h.report())];
  for (let step = 1; step <= steps; step += 1) seen.push(settled(await h.step(1)));
  for (const step of order) {
    const again = await h.goTo(step);
    expect(again.past, `step ${step}`).toEqual(step === steps ? undefined : { newest: steps });
    expect(settled(again), `step ${step}`).toEqual(seen[step]);
    expect(h.report().views, `step ${step}, looked at twice`).toEqual(again.views);
  }
}

describe('a past step', () => {
  it('of a network is what it was: figures, weights, gradients, activations, maps', async () => {
    await walk(await begun(net(), views), 40, [17, 3, 39, 0, 1, 40, 20, 0, 40]);
  });

  it('of a perceptron that goes round in a circle says what was known of the circle then', async () => {
    const config = { ...and(), t: [0, 1, 1, 0] };
    await walk(await begun(config, [tensor('w')]), 60, [0, 59, 24, 8, 33, 12, 60, 16]);
    await walk(await begun({ ...and(), shuffled: true }), 30, [7, 29, 0, 30]);
  });

  it('of a language model has its validation loss of the time', async () => {
    const h = await begun({ ...tinyGpt(), evalEvery: 4, evalBatches: 1 });
    await walk(h, 10, [9, 3, 4, 0, 8, 10]);
    expect((await h.goTo(5)).valLoss).not.toBeNull();
    expect((await h.goTo(3)).valLoss).toBeNull();
  }, 120_000);

  it('beyond a change of rate or weight is that of its own time', async () => {
    const h = await begun(net(), views);
    const seen: unknown[] = [settled(h.report())];
    for (let step = 1; step <= 30; step += 1) {
      if (step === 11) h.configure({ lr: 0.2 });
      if (step === 21) h.set('W1', [1, 2, 3, 4, 5, 6]);
      if (step === 26) h.configure({ lr: 0.01 });
      if (step > 1) seen[step - 1] = settled(h.report()); // what a change makes of a step is what it shows
      seen[step] = settled(await h.step(1));
    }
    for (const step of [5, 25, 20, 10, 11, 15, 26, 29, 9, 21, 0, 30])
      expect(settled(await h.goTo(step)), `step ${step}`).toEqual(seen[step]);
  });

  it('is shown of a fast run, where nobody looked', async () => {
    const h = await begun(net({ optimizer: { kind: 'sgd', lr: 0.1 } }), views);
    h.run({ until: 5000 });
    await until(() => h.report().status === 'done');
    const far = settled(await h.goTo(3210));
    const other = await begun(net({ optimizer: { kind: 'sgd', lr: 0.1 } }), views);
    expect(far).toEqual(settled(await other.step(3210)));
    expect((await h.goTo(5000)).status).toBe('done');
  });
});

describe('the newest step', () => {
  it('comes back in the middle of a step', async () => {
    const h = await begun(net(), views);
    await h.step(8);
    const half = settled(await h.step(9, 'node'));
    expect((await h.goTo(2)).grain).toBeUndefined();
    expect(settled(await h.goTo(8))).toEqual(half);
    expect((await h.step(1)).step).toBe(9);
  });

  it('comes back diverged, with the tensor named', async () => {
    const h = await begun(
      net({ optimizer: { kind: 'sgd', lr: 1e6 }, output: 'identity', loss: 'mse', hidden: 'relu' }),
    );
    const end = await h.step(50);
    expect(end.status).toBe('diverged');
    await h.goTo(0);
    const again = await h.goTo(end.step);
    expect(again.status).toBe('diverged');
    expect(again.problem).toEqual(end.problem);
  });

  it('takes over a rate that was changed while the past was looked at', async () => {
    const h = await begun(net());
    await h.step(10);
    const at3 = settled(await h.goTo(3));
    h.configure({ lr: 0.5 });
    expect(settled(h.report())).toEqual(at3);
    expect(() => h.configure({ lr: -1 })).toThrow();
    await h.goTo(10);
    const later = await h.step(1);
    const other = await begun(net());
    await other.step(10);
    other.configure({ lr: 0.5 });
    expect(settled(later)).toEqual(settled(await other.step(1)));
  });
});

describe('training on from the past', () => {
  it('makes that the run: the same steps come again, and the future is forgotten', async () => {
    const h = await begun(net(), views);
    await h.step(12);
    const at12 = settled(h.report());
    await h.step(18);
    await h.goTo(11);
    const next = await h.step(1);
    expect(next.rewound).toBe(11);
    expect(next.past).toBeUndefined();
    expect(next.history.step).toEqual([12]);
    expect(settled(next)).toEqual(at12);
    expect(h.timeline()).toMatchObject({ first: 0, newest: 12 });
  });

  it('is also what setting a weight, restoring and running do', async () => {
    for (const act of [
      (h: Host) => h.set('b2', [1]),
      (h: Host) => h.restore(h.snapshot()),
      (h: Host) => h.run({ until: 6 }),
    ]) {
      const h = await begun(net(), views);
      await h.step(9);
      await h.goTo(4);
      void act(h);
      await until(() => h.report().status !== 'running');
      expect(h.timeline().newest).toBeLessThanOrEqual(6);
      expect(h.report().past).toBeUndefined();
      expect((await h.goTo(2)).step).toBe(2);
    }
  });

  it('follows changes made since: a rate of now, not of then', async () => {
    const h = await begun(net());
    await h.step(5);
    h.configure({ lr: 0.3 });
    await h.step(5);
    await h.goTo(3);
    const next = await h.step(2);
    const other = await begun(net());
    await other.step(3);
    other.configure({ lr: 0.3 });
    expect(settled(next)).toEqual(settled(await other.step(2)));
  });
});

describe('a state restored from elsewhere', () => {
  it('has no past of its own before its step', async () => {
    const h = await begun(net(), views);
    await h.step(20);
    const bytes = h.snapshot();
    const other = await begun(net(), views);
    await other.step(3);
    other.restore(bytes);
    expect(other.timeline()).toEqual({ first: 20, newest: 20, marks: null });
    await other.step(5);
    expect(other.timeline()).toMatchObject({ first: 20, newest: 25 });
    await expect(async () => other.goTo(7)).rejects.toThrow(/kept/);
    expect((await other.goTo(22)).step).toBe(22);
  });
});

describe('a wrong step', () => {
  it('is refused in words, one beyond the newest means that', async () => {
    const h = await begun(net());
    await h.step(3);
    for (const step of [-1, 1.5, NaN, '2' as unknown as number])
      expect(() => h.goTo(step)).toThrow(/whole number/);
    expect((await h.goTo(99)).step).toBe(3);
    expect((await h.step(1)).step).toBe(4);
  });

  it('is not what the next call sees: it ends the journey', async () => {
    const h = await begun(net({ optimizer: { kind: 'sgd', lr: 0.1 } }));
    await h.step(20_000);
    const [a, b] = [h.goTo(19_000), h.goTo(7)];
    await a;
    expect((await b).step).toBe(7);
    expect(h.report().past).toEqual({ newest: 20_000 });
  });
});
