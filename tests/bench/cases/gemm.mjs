// gemm: matrix products of a small GPT, packing included, beside the peak measured in the same run by the same kind of code. C = op(A) op(B)
// with M×K×N as performance.md writes it. A peer gets its weights in the layout that it likes best; every C must be ours.
import { alone, agree, contest } from '../lib/measure.mjs';
import { sequence } from '../lib/recipes.mjs';

export const peers = ['eigen', 'jax', 'tfjs-wasm', 'onnx', 'plain'];
const TOLERANCE = 1e-4; // of elements of size about 1, floor 1

// Ours keeps weights (out, in): forward multiplies by the transpose. Most peers keep (in, out): `theirs` says what they multiply.
const forward = (M, K, N) => ({ name: `forward ${M}×${K}×${N}`, M, K, N, tb: true, theirs: { tb: false } });
export const cases = [
  forward(512, 128, 128),
  forward(512, 128, 384),
  forward(512, 128, 512),
  forward(512, 512, 128),
  { name: 'dX 512×512×128', M: 512, K: 512, N: 128, theirs: { tb: true } },
  { name: 'dW 512×512×128', M: 512, K: 512, N: 128, ta: true },
  { name: 'heads 48 of 64×32×64', M: 64, K: 32, N: 64, tb: true, count: 48 },
  { name: 'heads 48 of 64×64×32', M: 64, K: 64, N: 32, count: 48 },
];

const filled = (length, seed) => {
  const next = sequence(seed);
  return Float32Array.from({ length }, () => next() - 0.5);
};
/** `count` matrices (rows, columns) turned. */
function turned(from, rows, columns, count) {
  const to = new Float32Array(from.length);
  for (let n = 0, at = 0; n < count; n++, at += rows * columns)
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) to[at + j * rows + i] = from[at + i * columns + j];
  return to;
}

/** A product of the bench module: `run` is its own kernel or Eigen. */
function inModule(module, { M, N, K, ta, tb, count }, A, B, run) {
  const a = module.buffer(A.length);
  const b = module.buffer(B.length);
  const c = module.buffer(count * M * N);
  module.view(a, A.length).set(A);
  module.view(b, B.length).set(B);
  return {
    work: (repeats) => run.call(module, repeats, M, N, K, ta, tb, count, a, b, c),
    result() {
      this.work(1);
      return Float32Array.from(module.view(c, count * M * N));
    },
    delete: () => [c, b, a].forEach((at) => module.release(at)),
  };
}

async function challenger(env, name, shape, A, B, modules) {
  if (name === 'eigen') {
    const own = inModule(modules.get('simd128'), shape, A, B, modules.get('simd128').eigen);
    return { who: 'Eigen 3.4', variant: 'simd128', ...own };
  }
  const { gemm } = await env.peer(name);
  const { theirs = {}, M, N, K, count } = shape;
  const tb = theirs.tb ?? shape.tb;
  const b = tb === shape.tb ? B : turned(B, ...(shape.tb ? [N, K] : [K, N]), count);
  if (name === 'plain' && count > 1) throw new Error('one product at a time');
  const peer = await gemm({ M, N, K, count, ta: shape.ta, tb }, A, b);
  peer.work ??= async (repeats) => {
    for (let i = 0; i < repeats; i++) peer.step();
    await peer.finish?.();
  };
  return peer;
}

async function one(env, given, modules, peaks) {
  const shape = { ta: false, tb: false, count: 1, ...given };
  const { name, M, N, K, count } = shape;
  const A = filled(count * M * K, 1);
  const B = filled(count * K * N, 2);
  const own = [];
  for (const [variant, module] of modules)
    own.push({ variant, ...inModule(module, shape, A, B, module.gemm) });
  const expected = own[0].result();
  agree('both variants', own[1].result(), expected, TOLERANCE, 1);
  const others = [];
  if (env.peers)
    for (const peer of peers) {
      await env.attempt(`gemm ${name}`, peer, async () => {
        const made = await challenger(env, peer, shape, A, B, modules);
        await made.work(made.least ?? 1);
        const found = await made.result();
        agree('elements', found, made.expected?.(expected) ?? expected, TOLERANCE, made.floor ?? 1);
        others.push(made);
      });
    }
  const flop = 2 * count * M * N * K;
  const rows = await contest(name, own, others, {
    unit: 'GFLOP/s',
    value: (seconds) => flop / seconds / 1e9,
    ...env.times,
  });
  for (const c of [...others, ...own]) c.delete?.();
  const best = Math.max(...peaks.values());
  for (const row of rows)
    row.peak_percent = (100 * row.value) / (row.who === 'xor2gpt' ? peaks.get(row.variant) : best);
  return rows;
}

export async function run(env) {
  const modules = new Map();
  for (const [variant, file] of [
    ['simd128', 'x2g-bench'],
    ['relaxed', 'x2g-bench-relaxed'],
  ])
    modules.set(variant, await env.bench(file));
  const rows = [];
  const peaks = new Map();
  const chosen = env.quick ? cases.slice(0, 1) : cases;
  for (const shape of chosen) {
    // The peak beside each case: a shared machine has slow minutes.
    for (const [variant, module] of modules) {
      let best = 0;
      for (let kind = 0; kind < module.peakKinds(); kind++) {
        const o = { rounds: 2, ms: Math.max(4, env.times.ms / 8), take: (times) => Math.min(...times) };
        const flop = module.peak(1, kind);
        best = Math.max(best, flop / (await alone({ work: (n) => module.peak(n, kind) }, o)) / 1e9);
      }
      peaks.set(variant, best);
    }
    if (rows.length === 0)
      for (const [variant, value] of peaks)
        rows.push({
          case: 'peak: independent mul and add',
          who: 'xor2gpt',
          threads: 1,
          variant,
          value,
          unit: 'GFLOP/s',
          peak_percent: 100,
        });
    rows.push(...(await one(env, shape, modules, new Map(peaks))));
  }
  return rows;
}
