// Steps smaller than a training step: each grain stops where it says, names what was done, and leads to the same bits as whole steps.
import { describe, expect, it } from 'vitest';
import type { Host } from '../../web/src/lab/host.ts';
import type { Grain, RunConfig } from '../../web/src/lab/types.ts';
import { justDone, rowsOf, unitsDone, unitsOf } from '../../web/src/lab/grains.ts';
import { and, host, tinyGpt, xor } from './support.ts';

async function begun(config: RunConfig): Promise<{ h: Host; nodes: string[] }> {
  const { host: h } = await host();
  const info = h.create(config);
  return { h, nodes: info.nodes.map((node) => node.name) };
}
const weights = (h: Host): number[] =>
  ['W1', 'b1', 'W2', 'b2'].flatMap((name) => [...h.tensor(name, false).data]);

describe('a step by ops', () => {
  it('goes through all of them forward, all of them backward, and the update', async () => {
    const { h, nodes } = await begun(xor(3));
    const done: string[] = [];
    for (const grain of ['forward', 'backward'] as const)
      for (let i = 0; i < nodes.length; i += 1) {
        const { done: last } = await h.step(1, grain);
        done.push(`${last?.phase} ${last?.name}`);
      }
    expect(done).toEqual([
      ...nodes.map((name) => `forward ${name}`),
      ...[...nodes].reverse().map((name) => `backward ${name}`),
    ]);
    const end = await h.step(1, 'update');
    expect(end).toMatchObject({ step: 1, done: { phase: 'update', node: -1 }, examples: [0, 1, 2, 3] });
    const { h: whole } = await begun(xor(3));
    await whole.step(1);
    expect(weights(h)).toEqual(weights(whole));
  });

  it('takes a whole pass at once, and the first op of the next step from anywhere', async () => {
    const { h, nodes } = await begun(xor(3));
    expect((await h.step(1, 'forward-pass')).done).toMatchObject({
      phase: 'forward',
      node: nodes.length - 1,
    });
    expect((await h.step(1, 'backward-pass')).done).toMatchObject({ phase: 'backward', node: 0 });
    const next = await h.step(1, 'forward');
    expect(next).toMatchObject({ step: 1, done: { phase: 'forward', node: 0 } });
    expect((await h.step(1, 'forward-pass')).step).toBe(1);
    expect((await h.step(1, 'forward-pass')).step).toBe(2);
    expect((await h.step(3, 'update')).step).toBe(5);
    expect((await h.step(2 * nodes.length, 'backward')).step).toBe(6);
    expect((await h.step(1, 'step')).step).toBe(7);
    expect(h.report().done).toBeUndefined();
  });

  it('is known to language models, not to a perceptron, whose step is one example', async () => {
    const { h } = await begun(tinyGpt());
    expect((await h.step(1, 'forward-pass')).done?.name).toBe('loss');
    const { h: p } = await begun(and());
    expect((await p.step(1)).perceptron?.trace.at(-1)?.example).toBe(0);
    for (const grain of ['forward', 'update', 'backward-pass'] as const)
      expect(() => p.step(1, grain)).toThrow(/step by "step"/);
  });

  it('refuses a grain that does not exist', async () => {
    const { h } = await begun(xor());
    expect(() => h.step(1, 'sideways' as Grain)).toThrow(/no "sideways"/);
  });
});

describe('one row a batch', () => {
  it('says which row it was, in every step', async () => {
    const { h } = await begun({ ...xor(2), batch: 1 });
    const seen = new Set<number>();
    for (let i = 0; i < 4; i += 1) {
      const { examples } = await h.step(1);
      expect(examples).toHaveLength(1);
      seen.add(examples?.[0] ?? -1);
    }
    expect([...seen].sort()).toEqual([0, 1, 2, 3]);
  });
});

describe('units', () => {
  it('are counted from any place to any other as stepping one by one does', () => {
    const nodes = 3;
    const places = [
      { phase: '' as const, nodeIndex: 0 },
      ...[0, 1, 2].map((nodeIndex) => ({ phase: 'forward' as const, nodeIndex })),
      ...[2, 1, 0].map((nodeIndex) => ({ phase: 'backward' as const, nodeIndex })),
      { phase: 'update' as const, nodeIndex: 0 },
    ];
    expect(places.map((place) => unitsDone(place, nodes))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    for (const place of places)
      for (const grain of [
        'node',
        'forward',
        'backward',
        'forward-pass',
        'backward-pass',
        'update',
      ] as const) {
        let [total, done] = [0, unitsDone(place, nodes)];
        for (let n = 1; n <= 9; n += 1) {
          const at = places[done] ?? place;
          const units = unitsOf(grain, 1, at as never, nodes);
          total += units;
          done = (done + units) % 8;
          expect(unitsOf(grain, n, place as never, nodes), `${n} × ${grain} from ${place.phase}`).toBe(total);
        }
      }
    expect(unitsOf('update', 1e9, places[0] as never, nodes)).toBe(8e9);
  });

  it('name the op that was last', () => {
    const nodes = [{ name: 'a' }, { name: 'b' }];
    expect(justDone({ phase: 'forward', nodeIndex: 0 }, nodes).phase).toBe('batch');
    expect(justDone({ phase: 'forward', nodeIndex: 1 }, nodes)).toEqual({
      phase: 'forward',
      node: 0,
      name: 'a',
    });
    expect(justDone({ phase: 'backward', nodeIndex: 1 }, nodes)).toEqual({
      phase: 'forward',
      node: 1,
      name: 'b',
    });
    expect(justDone({ phase: 'backward', nodeIndex: 0 }, nodes)).toEqual({
      phase: 'backward',
      node: 1,
      name: 'b',
    });
  });

  it('leave rows unnamed where looking for them would take long', () => {
    const many = Array.from({ length: 784 * 1000 }, () => 0);
    const c = { ...xor(), sizes: [784, 10], x: many, t: many.slice(0, 10_000) };
    expect(rowsOf(c, new Float32Array(784 * 10), new Float32Array(100))).toBeUndefined();
  });
});
