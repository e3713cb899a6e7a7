// What a reader of the built site waits for and feels, in headless Chromium on a warm cache: load (bytes, and milliseconds from the load
// event to the first step), page (the longest task of the main thread and the frames a second while the GPT of lesson 21 trains) and
// gpt-train-workers (workers.mjs).
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dist, serve } from '../../browser/harness.mjs';
import { median } from './measure.mjs';
import { workers } from './workers.mjs';

export const benches = ['load', 'page', 'gpt-train-workers'];

const runs = { load, page, 'gpt-train-workers': workers };

const root = fileURLToPath(new URL('../../../', import.meta.url));
const ours = { who: 'xor2gpt', threads: 1, variant: 'simd128' };

/** Runs in the page before everything else: from the load event until the first step of the first demo that is ready. */
function watch() {
  addEventListener('load', () => (window.x2gLoaded = performance.now()));
  window.x2gFirst = new Promise((resolve) => {
    const step = async ({ target: demo }) => {
      if (demo.report.step === 0) await demo.step(1);
      resolve(performance.now());
    };
    window.document.addEventListener('x2g-ready', step, { once: true });
  });
}

/** The first demo's tag on a lesson's page, once it is defined. */
const firstDemo = (tab) =>
  tab.evaluate(async () => {
    const found = [...window.document.querySelectorAll('*')].find(
      (el) => el.localName.startsWith('x2g-') && 'ready' in el,
    );
    return found?.localName ?? '';
  });

async function firstStep(context, address) {
  const tab = await context.newPage();
  await tab.addInitScript(watch);
  await tab.goto(address, { waitUntil: 'load' });
  const ms = await tab.evaluate(async () => (await window.x2gFirst) - window.x2gLoaded);
  await tab.close();
  return ms;
}

/** Bytes of the pages and engines as tests/tools/sizes.mjs counts them. */
function bytes() {
  const { stdout } = spawnSync(process.execPath, [`${root}tests/tools/sizes.mjs`], { encoding: 'utf8' });
  return [...stdout.matchAll(/^\S+\s+(core|page) (\S+): (\d+) of \d+ bytes$/gm)].map(
    ([, kind, name, size]) => ({
      case: kind === 'core' ? `${name} with glue, brotli` : `${name}, brotli`,
      ...ours,
      value: Number(size) / 1000,
      unit: 'kB',
    }),
  );
}

async function load(browser, env, origin) {
  const rows = bytes();
  for (const slug of ['perceptron', 'tiny-gpt']) {
    const context = await browser.newContext();
    try {
      const address = `${origin}/en/${slug}/`;
      await firstStep(context, address); // fills the caches
      const times = [];
      for (let i = 0; i < (env.quick ? 1 : 7); i++) times.push(await firstStep(context, address));
      rows.push({ case: `${slug}: load to first step`, ...ours, value: median(times), unit: 'ms' });
    } finally {
      await context.close();
    }
  }
  return rows;
}

/** Runs in the page: trains for so long, remembers frames and long tasks. */
async function train({ tag, ms }) {
  const el = window.document.querySelector(tag);
  await el.ready;
  el.scrollIntoView({ block: 'center' });
  el.run();
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const tasks = [];
  const observer = new PerformanceObserver((list) =>
    tasks.push(...list.getEntries().map((entry) => entry.duration)),
  );
  observer.observe({ type: 'longtask' });
  const step = el.report.step;
  let frames = 0;
  let worst = 0;
  const begin = performance.now();
  let last = begin;
  await new Promise((resolve) => {
    const frame = (now) => {
      frames += 1;
      worst = Math.max(worst, now - last);
      last = now;
      if (now - begin < ms) requestAnimationFrame(frame);
      else resolve();
    };
    requestAnimationFrame(frame);
  });
  const seconds = (performance.now() - begin) / 1000;
  observer.disconnect();
  const steps = el.report.step - step;
  el.pause();
  return {
    longest: Math.max(0, ...tasks),
    tasks: tasks.length,
    fps: frames / seconds,
    worst,
    steps: steps / seconds,
  };
}

async function page(browser, env, origin) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    const tab = await context.newPage();
    await tab.goto(`${origin}/en/tiny-gpt/`, { waitUntil: 'load' });
    await tab.waitForFunction(() =>
      [...window.document.querySelectorAll('*')].some(
        (el) => el.localName.startsWith('x2g-') && el.step && el.ready,
      ),
    );
    const tag = await firstDemo(tab);
    const found = await tab.evaluate(train, { tag, ms: env.quick ? 500 : 10_000 });
    // The browser reports tasks of 50 ms and more; none is "at most 50".
    const longest = Math.max(50, found.longest);
    const row = (name, value, unit, note) => ({
      case: `tiny-gpt: ${name}`,
      ...ours,
      value,
      unit,
      ...(note ? { note } : {}),
    });
    return [
      row(
        'longest task',
        longest,
        'ms',
        found.tasks === 0 ? 'no task reached 50 ms' : `${found.tasks} tasks of 50 ms and more`,
      ),
      row('frames', found.fps, '/s'),
      row('longest frame', found.worst, 'ms'),
      row('training beside it', found.steps, 'steps/s'),
    ];
  } finally {
    await context.close();
  }
}

export async function run(bench, browser, env) {
  if (!existsSync(`${dist}/en/tiny-gpt/index.html`)) throw new Error('dist/ is missing: run ./lab build');
  const site = await serve();
  try {
    return await runs[bench](browser, env, site.origin);
  } finally {
    await site.close();
  }
}
