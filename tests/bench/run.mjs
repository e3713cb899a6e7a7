// Runs benchmarks and prints one table: node tests/bench/run.mjs [NAME…] [--json FILE] [--list] [--in node,chromium,native] [--no-peers]
// [--quick] (by `./lab bench`, which builds what is measured and installs the peers). Figures are of this machine at this moment; nothing
// passes or fails here. README.md tells the method.
import { writeFileSync } from 'node:fs';
import { chromium, root } from './lib/chromium.mjs';
import { head, load } from './lib/machine.mjs';
import * as native from './lib/native.mjs';
import { nodeEnv } from './lib/node.mjs';
import { document, figure, report, rowLine, table } from './lib/rows.mjs';
import * as site from './lib/site.mjs';

const cases = ['gemm', 'elementwise', 'mlp', 'xor', 'gpt-train', 'decode'];
const known = [...cases, ...site.benches];

function asked(args) {
  const o = {
    names: [],
    file: null,
    list: false,
    quick: false,
    peers: true,
    places: ['node', 'chromium', 'native'],
  };
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '--json') o.file = args[++i];
    else if (args[i] === '--in') o.places = (args[++i] ?? '').split(',');
    else if (args[i] === '--list') o.list = true;
    else if (args[i] === '--quick') o.quick = true;
    else if (args[i] === '--no-peers') o.peers = false;
    else o.names.push(args[i]);
  }
  return o;
}

const o = asked(process.argv.slice(2));
const unknown = o.names.filter((name) => !known.includes(name));
if (o.list) {
  console.log(known.join('\n'));
  process.exit(0);
}
if (unknown.length > 0) {
  console.error(`error: no benchmark named ${unknown.join(', ')}; there are: ${known.join(', ')}`);
  process.exit(2);
}
const chosen = o.names.length > 0 ? known.filter((name) => o.names.includes(name)) : known;

// An end from outside takes browser, programs and files along: their owners listen to 'exit'.
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));

const rows = [];
const absent = [];
const say = (text) => console.log(text);
const busy = load();
if (busy > 0.5) say(`The machine is busy (load ${busy}): look at ratios, not at times.`);
const begun = performance.now();
const took = () => `${Math.round((performance.now() - begun) / 1000)} s`;
function add(bench, where, found) {
  for (const row of found) {
    rows.push({ bench, where, ...row });
    say(rowLine(rows.at(-1)));
  }
}

/** One bench in one place; what breaks is named, and the others go on. */
async function measure(bench, where, work) {
  say(`\n${bench}, ${where} (${took()})`);
  try {
    add(bench, where, await work());
  } catch (error) {
    const reason = String(error?.message ?? error).split('\n')[0];
    absent.push({ bench, who: 'xor2gpt', where, reason });
    say(`  not measured: ${reason}`);
    process.exitCode = 1;
  }
}

const env = nodeEnv({ quick: o.quick, peers: o.peers, say, absent });
let browser;
if (o.places.includes('chromium')) {
  try {
    browser = await chromium();
  } catch (error) {
    say(`No Chromium rows: ${String(error?.message ?? error).split('\n')[0]}`);
  }
}
try {
  for (const bench of chosen) {
    if (cases.includes(bench)) {
      if (o.places.includes('node'))
        await measure(bench, 'node', async () => (await import(`./cases/${bench}.mjs`)).run(env));
      if (browser)
        await measure(bench, 'chromium', () =>
          browser.run(bench, { say, absent, quick: o.quick, peers: o.peers, times: env.times }),
        );
      if (o.places.includes('native') && native.benches.includes(bench))
        await measure(bench, 'native', () => native.run(bench, env));
    } else if (browser) await measure(bench, 'chromium', () => site.run(bench, browser.browser, env));
  }
} finally {
  await browser?.close();
}

say(`\n${table(rows)}`);
say('\nGoals');
for (const goal of report(rows)) {
  const wanted = goal.least !== undefined ? `≥ ${figure(goal.least)}` : `≤ ${figure(goal.most)}`;
  const name = [goal.name, goal.variant, goal.where].filter(Boolean).join(', ');
  say(
    `  ${goal.reached ? 'reached    ' : 'not reached'} ${name.padEnd(36)} ${figure(goal.value)} ${goal.unit} (${wanted})`,
  );
}
if (absent.length > 0) say('\nNot measured');
for (const { bench, who, where, reason } of absent) say(`  ${bench}, ${who}, ${where}: ${reason}`);
say(`\n${rows.length} rows in ${took()}`);
if (o.file !== null)
  writeFileSync(
    o.file,
    `${JSON.stringify(document(head(root, browser?.version, busy), rows, absent), null, 1)}\n`,
  );
// Libraries keep timers and threads; all that was asked for is done.
process.exit();
