// Runs benchmarks and prints one table: `node tests/bench/run.mjs [NAME…] [--json FILE] [--list]` (by `./lab bench`).
// Native rows come from Google Benchmark (build/native/tests/x2g_bench), the others from the scripts named below.
// Figures are of this machine at this moment; nothing is compared or judged here.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const native = fileURLToPath(new URL('../../build/native/tests/x2g_bench', import.meta.url));
const scripts = { 'gpt-train': './gpt.mjs' };
const nativeNames = ['gemm', 'elementwise', 'gpt-train'];

const names = [];
let file = null;
let list = false;
const args = process.argv.slice(2);
for (let i = 0; i < args.length; i++) {
  if (args[i] === '--json') file = args[++i];
  else if (args[i] === '--list') list = true;
  else names.push(args[i]);
}
const known = [...new Set([...nativeNames, ...Object.keys(scripts)])];
const unknown = names.filter((name) => !known.includes(name));
if (list || unknown.length > 0) {
  if (unknown.length > 0)
    console.error(`error: no benchmark named ${unknown.join(', ')}; there are: ${known.join(', ')}`);
  else console.log(known.join('\n'));
  process.exit(unknown.length > 0 ? 2 : 0);
}
const chosen = names.length > 0 ? names : known;

const rows = [];
function add(bench, where, row) {
  const full = {
    bench,
    case: row.case,
    who: 'xor2gpt',
    where,
    threads: 1,
    variant: row.variant,
    value: row.value,
    unit: row.unit,
  };
  rows.push(full);
  console.log(
    `${bench.padEnd(10)} ${full.case.padEnd(34)} ${where.padEnd(7)} ${full.variant.padEnd(8)} ${full.value.toPrecision(4).padStart(10)} ${full.unit}`,
  );
}

for (const bench of nativeNames.filter((name) => chosen.includes(name))) {
  const { status, stdout, stderr } = spawnSync(
    native,
    [`--benchmark_filter=^${bench}/`, '--benchmark_format=json'],
    {
      encoding: 'utf8',
    },
  );
  if (status !== 0) {
    console.error(`error: ${native} failed\n${stderr}`);
    process.exit(1);
  }
  for (const result of JSON.parse(stdout).benchmarks) {
    const unit = ['GFLOP/s', 'Gelement/s', 'tokens/s'].find((counter) => counter in result);
    const name = result.name.slice(bench.length + 1).replace(/\/min_time:.*/, '');
    add(bench, 'native', { case: name, variant: 'native', value: result[unit], unit });
  }
}
for (const [bench, script] of Object.entries(scripts)) {
  if (!chosen.includes(bench)) continue;
  const { run } = await import(script);
  for (const row of await run()) add(bench, 'node', row);
}
if (file !== null) writeFileSync(file, `${JSON.stringify(rows, null, 1)}\n`);
