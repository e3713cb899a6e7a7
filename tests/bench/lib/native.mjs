// Native rows: what build/native/tests/ has of our own, and PyTorch in turns with it when this machine has it. Programs that are missing
// leave a line and no row.
import { execFile } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { reference } from '../cases/gpt-train.mjs';
import { median, pairwise } from './measure.mjs';
import { laptop } from './recipes.mjs';

// Programs that run when this one is ended go with it, and so does what was written for them.
const ended = new AbortController();
process.once('exit', () => ended.abort());
const runFile = promisify(execFile);
const call = (program, args, o) => runFile(program, args, { ...o, signal: ended.signal });
const built = (name) => fileURLToPath(new URL(`../../../build/native/tests/${name}`, import.meta.url));
const script = fileURLToPath(new URL('../peers/torch_gpt.py', import.meta.url));
/** Also for the libraries below PyTorch, which count cores on their own. */
const oneThread = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };

/**
 * Google Benchmark's results as rows: gemm in GFLOP/s with the share of its own peak, elementwise in ns an element, gpt-train in ms a step.
 * Of several repetitions the medians. What a peer is called stands before a colon: gemm/eigen:forward/512/128/128 beside gemm/forward/….
 */
export function fromGoogle(bench, { context, benchmarks }) {
  const ours = { who: 'xor2gpt', threads: 1, variant: context?.kernels ?? 'native' };
  const medians = benchmarks.filter((result) => result.aggregate_name === 'median');
  const results = medians.length > 0 ? medians : benchmarks;
  const name = (result) =>
    (result.run_name ?? result.name)
      .slice(bench.length + 1)
      .replace(/\/min_time:.*/, '')
      .replace(/^eigen:/, '');
  const peer = (result) => result.name.startsWith(`${bench}/eigen:`);
  const rate = (result) => result['GFLOP/s'];
  // Of several kinds of chains the best is the peak (gemm/peak/0, …).
  const [peak, ...slower] = results
    .filter((result) => name(result).split('/')[0] === 'peak')
    .sort((a, b) => rate(b) - rate(a));
  const kept = results.filter((result) => !slower.includes(result));
  return kept.map((result) => {
    const row = { bench, case: result === peak ? 'peak' : name(result), where: 'native', ...ours };
    if (bench === 'gemm') {
      const value = rate(result);
      const out = { ...row, value, unit: 'GFLOP/s' };
      if (peak) out.peak_percent = (100 * value) / rate(peak);
      if (!peer(result)) return out;
      const own = results.find((other) => !peer(other) && name(other) === out.case);
      return {
        ...out,
        who: 'Eigen 3.4',
        variant: 'native',
        ...(own ? { ratio_to_ours: rate(own) / value } : {}),
      };
    }
    if (bench === 'elementwise') return { ...row, value: 1 / result['Gelement/s'], unit: 'ns/element' };
    return { ...row, case: `${row.case} step`, value: result.real_time, unit: result.time_unit };
  });
}

async function google(bench, quick) {
  const args = [`--benchmark_filter=^${bench}/`, '--benchmark_format=json'];
  // Products and their peers in a random order, five times: what drifts hits all of them.
  if (quick) args.push('--benchmark_min_time=0.01');
  else if (bench !== 'gpt-train')
    args.push(
      '--benchmark_min_time=0.1',
      '--benchmark_repetitions=5',
      '--benchmark_enable_random_interleaving=true',
    );
  const { stdout } = await call(built('x2g_bench'), args, { maxBuffer: 2 ** 24 });
  return fromGoogle(bench, JSON.parse(stdout));
}

/** Ours, PyTorch, PyTorch, ours: each a process of its own, `rounds` times. */
async function besideTorch(env) {
  const folder = await mkdtemp(join(tmpdir(), 'x2g-bench-'));
  const sweep = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', sweep);
  try {
    const { weights, steps, vocab } = await reference(env);
    const plain = Object.entries(weights).map(([name, { shape, data }]) => [
      name,
      { shape, data: [...data] },
    ]);
    const file = join(folder, 'recipe.json');
    const told = steps.map(({ ids, targets, loss }) => ({ ids: [...ids], targets: [...targets], loss }));
    await writeFile(
      file,
      JSON.stringify({ recipe: { ...laptop, vocab }, weights: Object.fromEntries(plain), steps: told }),
    );
    const seconds = env.quick ? '0.1' : '3';
    const torch = async () => {
      let missing;
      // The system's Python beside another one on PATH: Debian's python3-torch belongs to the former.
      for (const python of ['python3', '/usr/bin/python3']) {
        const { stdout } = await call(python, [script, file, seconds], {
          maxBuffer: 2 ** 20,
          env: oneThread,
        }).catch((error) => {
          throw new Error(error.stderr?.trim().split('\n').at(-1) || error.message);
        });
        const found = JSON.parse(stdout.trim().split('\n').at(-1));
        if (!found.missing) return found;
        missing = found.missing;
      }
      throw new Error(missing);
    };
    const seen = [];
    let version = '';
    let variant = '';
    const own = async () => {
      const row = (await google('gpt-train', env.quick)).find((each) => each.unit === 'ms');
      variant = row.variant;
      return row.value;
    };
    for (let i = 0; i < (env.quick ? 1 : 3); i++) {
      const a = await own();
      const [b, c] = [await torch(), await torch()];
      if (i === 0) env.say(`  PyTorch ${b.version}: losses agree to ${b.agreement.toExponential(1)}`);
      version = b.version;
      seen.push([a, b.ms, c.ms, await own()]);
    }
    const { ratio, low, high } = pairwise(seen);
    const row = { bench: 'gpt-train', case: 'laptop step', where: 'native', threads: 1, unit: 'ms' };
    return [
      { ...row, who: 'xor2gpt', variant, value: median(seen.flatMap(([a, , , d]) => [a, d])) },
      {
        ...row,
        who: 'PyTorch',
        variant: version,
        value: median(seen.flatMap(([, b, c]) => [b, c])),
        ratio_to_ours: ratio,
        ratio_range: [low, high],
      },
    ];
  } finally {
    sweep();
    process.off('exit', sweep);
  }
}

export const benches = ['gemm', 'elementwise', 'gpt-train'];

/** @param env of Node, for the reference run; rows with bench and where */
export async function run(bench, env) {
  if (!existsSync(built('x2g_bench'))) {
    env.say(`  no native rows: ${built('x2g_bench')} is not built`);
    return [];
  }
  if (bench === 'gpt-train' && env.peers) {
    let rows;
    await env.attempt(bench, 'PyTorch', async () => (rows = await besideTorch(env)), 'native');
    if (rows) return rows;
  }
  return google(bench, env.quick);
}
