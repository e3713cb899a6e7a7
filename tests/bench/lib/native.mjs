// Native rows: what build/native/tests/ has of our own, and PyTorch in turns with it when this machine has it. Programs that are missing
// leave a line and no row.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { reference } from '../cases/gpt-train.mjs';
import { median, pairwise } from './measure.mjs';
import { laptop } from './recipes.mjs';

const call = promisify(execFile);
const built = (name) => fileURLToPath(new URL(`../../../build/native/tests/${name}`, import.meta.url));
const script = fileURLToPath(new URL('../peers/torch_gpt.py', import.meta.url));
const ours = { who: 'xor2gpt', threads: 1, variant: 'native' };

/** Google Benchmark's results as rows: gemm in GFLOP/s with the share of its own peak, elementwise in ns an element, gpt-train in ms a step. */
export function fromGoogle(bench, { benchmarks }) {
  const name = (result) => result.name.slice(bench.length + 1).replace(/\/min_time:.*/, '');
  const peak = benchmarks.find((result) => result.name === 'gemm/peak')?.['GFLOP/s'];
  return benchmarks.map((result) => {
    const row = { bench, case: name(result), where: 'native', ...ours };
    if (bench === 'gemm') {
      const value = result['GFLOP/s'];
      return { ...row, value, unit: 'GFLOP/s', ...(peak ? { peak_percent: (100 * value) / peak } : {}) };
    }
    if (bench === 'elementwise') return { ...row, value: 1 / result['Gelement/s'], unit: 'ns/element' };
    return { ...row, case: `${row.case} step`, value: result.real_time, unit: result.time_unit };
  });
}

async function google(bench, quick) {
  const args = [`--benchmark_filter=^${bench}/`, '--benchmark_format=json'];
  if (quick) args.push('--benchmark_min_time=0.01');
  const { stdout } = await call(built('x2g_bench'), args, { maxBuffer: 2 ** 24 });
  return fromGoogle(bench, JSON.parse(stdout));
}

/** Ours, PyTorch, PyTorch, ours: each a process of its own, `rounds` times. */
async function besideTorch(env) {
  const folder = await mkdtemp(join(tmpdir(), 'x2g-bench-'));
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
      const { stdout } = await call('python3', [script, file, seconds], { maxBuffer: 2 ** 20 });
      const found = JSON.parse(stdout.trim().split('\n').at(-1));
      if (found.missing) throw new Error(found.missing);
      return found;
    };
    const own = async () => (await google('gpt-train', env.quick)).find((row) => row.unit === 'ms').value;
    const seen = [];
    let version = '';
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
      { ...row, who: 'xor2gpt', variant: 'native', value: median(seen.flatMap(([a, , , d]) => [a, d])) },
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
    await rm(folder, { recursive: true, force: true });
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
    await env.attempt(bench, 'PyTorch', async () => (rows = await besideTorch(env)));
    if (rows) return rows;
  }
  return google(bench, env.quick);
}
