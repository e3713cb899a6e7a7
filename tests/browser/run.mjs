// Runs every check of this folder against dist/ in Chromium: node tests/browser/run.mjs [WORDS OF A NAME…]
// Two at a time, each with a limit; a failed one leaves a picture in build/browser/. A browser on a busy machine is late now and then:
// what fails is tried once more when all else is done, alone, and named if only that helped. Ends with "N passed, N failed".
import { readdir } from 'node:fs/promises';
import { launch, serve, shots } from './harness.mjs';

const LIMIT_MS = 120_000;
const AT_ONCE = 2;

const here = new URL('./', import.meta.url);
const files = (await readdir(here)).filter((name) => name.endsWith('.checks.mjs')).sort();
const wanted = process.argv.slice(2).join(' ');
const checks = [];
for (const file of files) {
  const { default: list } = await import(new URL(file, here));
  for (const [name, run, limit] of list) {
    const full = `${file.replace('.checks.mjs', '')}: ${name}`;
    if (full.includes(wanted)) checks.push({ name: full, run, limit: limit ?? LIMIT_MS });
  }
}

const site = await serve();
const browser = await launch();
let passed = 0;
const failed = [];

/** A check that never ends must not keep the others. */
function limited(work, ms) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took longer than ${ms / 1000} s`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

async function attempt({ name, run, limit }) {
  const started = Date.now();
  const opened = [];
  // Each check sees the browser through this: its contexts are closed when it ends, however it ends.
  const own = {
    newContext: async (options) => {
      const context = await browser.newContext(options);
      opened.push(context);
      return context;
    },
  };
  try {
    await limited(run({ browser: own, origin: site.origin }), limit);
    console.log(`ok    ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
    return undefined;
  } catch (error) {
    const reason = String(error?.stack ?? error)
      .split('\n')
      .slice(0, 6)
      .join('\n      ');
    console.log(`FAIL  ${name}\n      ${reason}`);
    const page = opened.flatMap((context) => context.pages()).at(-1);
    const file = `${shots}/${name.replace(/[^a-z0-9]+/giu, '-')}.png`;
    await page?.screenshot({ path: file, timeout: 5000 }).then(
      () => console.log(`      picture: ${file}`),
      () => undefined,
    );
    return reason;
  } finally {
    for (const context of opened) await context.close().catch(() => undefined);
  }
}

const queue = [...checks];
const late = [];
const lane = async () => {
  for (let next = queue.shift(); next; next = queue.shift()) {
    const reason = await attempt(next);
    if (reason === undefined) passed += 1;
    else late.push([next, reason]);
  }
};
await Promise.all(Array.from({ length: AT_ONCE }, lane));
const unsteady = [];
for (const [check, first] of late) {
  const reason = await attempt(check);
  if (reason === undefined) {
    passed += 1;
    unsteady.push(`${check.name}\n    ${first}`);
  } else failed.push(`${check.name}\n    ${reason}`);
}
await browser.close();
await site.close();
if (unsteady.length > 0) console.log(`\nonly at the second try:\n  ${unsteady.join('\n  ')}`);
if (failed.length > 0) console.log(`\nfailed:\n  ${failed.join('\n  ')}`);
console.log(`${passed} passed, ${failed.length} failed`);
process.exitCode = failed.length > 0 || passed === 0 ? 1 : 0;
