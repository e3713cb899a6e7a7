// The module's own table: the graph API, stale handles, determinism of a known run, every bad field of a config, random call sequences.
// Whatever is called with whatever, the answer is a value or a LabError with a code, never a trap.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LabError, toLabError } from '../../web/src/lab/errors.ts';
import { BareHost } from '../../web/src/lab/bare-host.ts';
import { FirstHost } from '../../web/src/lab/first-host.ts';
import { Host } from '../../web/src/lab/host.ts';
import { grammarOf } from '../../web/src/lab/story-grammars.ts';
import type { RunConfig } from '../../web/src/lab/types.ts';
import { and, engine, host, limit, tinyGpt, xor } from './support.ts';

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (thrown) {
    return toLabError(thrown).code;
  }
  return 'no error';
};

describe('the graph API', () => {
  it('builds, runs and differentiates a graph', async () => {
    const e = await engine();
    const builder = new e.GraphBuilder();
    const x = builder.input('x', [2, 3]);
    const t = builder.input('t', [2, 1]);
    const W = builder.parameter('W', [1, 3], 'constant', 0.5, true);
    const y = builder.op('linear', 'y', [x, W], {});
    builder.op('mse', 'loss', [y, t], { scale: 0.5 });
    const graph = new e.Graph(builder, 0, limit);
    graph.initialize(1);
    graph.set(x, [1, 2, 3, 4, 5, 6]);
    graph.set(t, [3, 8]);
    expect(graph.forward()).toBeCloseTo((0 + 0.25) / 4, 6); // y = 3, 7.5; errors 0, −0.5
    graph.backward();
    expect([...graph.grad(W)]).toEqual([-1, -1.25, -1.5]); // Σ (y − t)/2 · x = −0.25 · (4, 5, 6)
    for (let i = 0; i < graph.nodes(); i += 1) graph.forwardNode(i);
    expect([...graph.view(y)]).toEqual([3, 7.5]);
    expect(graph.nonFinite()).toBe('');
    graph.delete();
    builder.delete();
  });

  it('answers stale and invalid ids with errors', async () => {
    const e = await engine();
    const builder = new e.GraphBuilder();
    const x = builder.input('x', [2, 3]);
    expect(codeOf(() => builder.op('linear', 'y', [x, 99], {}))).toBe('invalid_argument');
    expect(codeOf(() => builder.op('liner', 'y', [x], {}))).toBe('unknown_name');
    expect(codeOf(() => builder.input('x', [1]))).toBe('invalid_argument');
    expect(codeOf(() => builder.input('big', [1e9, 1e9]))).toBe('invalid_argument');
    const graph = new e.Graph(builder, 0, limit);
    for (const id of [-1, 1, 2.5, 1e9, NaN]) expect(codeOf(() => graph.value(id))).toBe('unknown_name');
    for (const i of [-1, 0, NaN]) expect(codeOf(() => graph.forwardNode(i))).toBe('bad_state');
    expect(codeOf(() => graph.set(x, [1]))).toBe('shape_mismatch');
    graph.delete();
    expect(codeOf(() => graph.forward())).toBe('bad_state');
  });
});

describe('the two binaries', () => {
  it('both train with the one glue, and say which they are', async () => {
    for (const variant of ['simd128', 'relaxed'] as const) {
      const e = await engine(variant);
      expect(e.variant()).toBe(variant);
      const h = new Host(e, { sliceMs: 12, limit, send: async () => undefined });
      if (variant === 'relaxed') {
        expect(() => h.create(tinyGpt())).toThrow(/not taught the stories of "en"/);
        h.teach('en', (await grammarOf('en')) ?? '');
      }
      h.create(tinyGpt());
      const first = h.report().loss;
      expect((await h.step(40)).loss).toBeLessThan(first);
      h.close();
    }
  });

  it('give the same bits for 1000 steps of the same seed', async () => {
    const hash = async (): Promise<string> => {
      const { host: h } = await host();
      h.create(xor(42));
      await h.step(1000);
      const digest = createHash('sha256').update(h.snapshot()).digest('hex');
      h.close();
      return digest;
    };
    expect(await hash()).toBe(await hash());
  });
});

const oddNumbers = fc.oneof(
  fc.constantFrom(NaN, Infinity, -Infinity, -1, -0, 0.5, 1e9, 1e308, 2 ** 53, 4294967296),
  fc.double(),
);
const odd: fc.Arbitrary<unknown> = fc.oneof(
  oddNumbers,
  fc.constantFrom(null, undefined, '', 'x', '__proto__', true, [], {}, [[]], [NaN], 'ｘ'.repeat(1000)),
);

/** The config with one field, at any depth, replaced. */
function spoil(config: RunConfig, path: number, value: unknown): RunConfig {
  const copy = structuredClone(config) as unknown as Record<string, unknown>;
  const spots: [Record<string, unknown>, string][] = [];
  const walk = (o: Record<string, unknown>): void => {
    for (const key of Object.keys(o)) {
      if (key !== 'kind' || o !== copy) spots.push([o, key]);
      const child = o[key];
      if (typeof child === 'object' && child !== null && !Array.isArray(child))
        walk(child as Record<string, unknown>);
    }
  };
  walk(copy);
  const [o, key] = spots[path % spots.length] ?? [copy, 'kind'];
  o[key] = value;
  return copy as unknown as RunConfig;
}

describe('whatever it is called with', () => {
  it('each wrong field of a config is refused, or makes a run that works', async () => {
    const { host: h } = await host();
    const configs = [xor(), and(), tinyGpt()];
    await fc.assert(
      fc.asyncProperty(fc.nat(2), fc.nat(60), odd, async (kind, path, value) => {
        try {
          h.create(spoil(configs[kind] ?? xor(), path, value));
          await h.step(1);
        } catch (thrown) {
          const error = toLabError(thrown);
          expect(error.code, error.message).not.toBe('engine_failed');
        }
      }),
      { numRuns: 400 },
    );
    h.create(xor());
    expect((await h.step(2)).step).toBe(2);
    h.close();
  });

  it('random calls end in a value or a LabError', async () => {
    const send = () => Promise.resolve();
    const h = new FirstHost(await engine(), { sliceMs: 12, limit, send });
    const calls = h as unknown as Record<string, (...args: unknown[]) => unknown>;
    const own = [BareHost, FirstHost].flatMap((kind) => Object.getOwnPropertyNames(kind.prototype));
    const names = own.filter(
      (n) =>
        !['constructor', 'close', 'run', 'loop', 'fail', 'stories', 'timeActivation', 'generate'].includes(n),
    );
    const publicNames = names.filter((n) =>
      [
        'create',
        'reset',
        'pause',
        'step',
        'back',
        'report',
        'watch',
        'tensor',
        'set',
        'restore',
        'loadWeights',
        'snapshot',
        'saveWeights',
        'configure',
        'checkGradient',
        'evaluateRows',
        'look',
        'activation',
        'points',
        'estimate',
      ].includes(n),
    );
    expect(publicNames.length).toBe(20);
    const some = fc.oneof(
      odd,
      fc.constantFrom('W1', 'w', 'wte', 'loss', xor(), and(), [1, 2, 3, 4], new Uint8Array(80)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...publicNames), fc.array(some, { maxLength: 2 })), {
          maxLength: 8,
        }),
        async (sequence) => {
          for (const [name, args] of sequence) {
            const capped =
              name === 'step'
                ? [typeof args[0] === 'number' ? Math.min(args[0], 3) : args[0], args[1]]
                : args;
            try {
              await calls[name]?.(...capped);
            } catch (thrown) {
              const error = toLabError(thrown);
              expect(error).toBeInstanceOf(LabError);
              expect(error.code, `${name}(${JSON.stringify(args)}): ${error.message}`).not.toBe(
                'engine_failed',
              );
            }
          }
        },
      ),
      { numRuns: 300 },
    );
    h.create(xor());
    expect((await h.step(2)).step).toBe(2);
    h.close();
  });
});
