// gpt-train-workers: the laptop recipe on the built site with one worker and with two, as a reader trains it, in turns. The losses of both
// must agree before a time counts. What the ratio means depends on two idle cores: look at the machine's load.
import { median } from './measure.mjs';

const COUNTS = [1, 2];
const CHECKED = 4; // steps
const TOLERANCE = 1e-4; // of the losses, relative

/** Runs in the page: two demos of the lesson beside each other, each with its number of workers, both standing at step 0. */
async function setUp(counts) {
  window.x2gTeams = {};
  for (const workers of counts) {
    const el = window.document.createElement('x2g-tiny-gpt');
    el.setState({ v: 1, seed: 1, options: { preset: 'laptop', workers, kilobytes: 300 } });
    window.document.body.append(el);
    window.x2gTeams[workers] = el;
    await el.ready;
    el.pause();
    await el.step(0);
  }
}

/** Runs in the page: so many steps; ms a step, and the loss after them. */
async function steps({ workers, n }) {
  const el = window.x2gTeams[workers];
  const begin = performance.now();
  await el.step(n);
  return { ms: (performance.now() - begin) / n, loss: el.report.loss };
}

export async function workers(browser, env, origin) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    const tab = await context.newPage();
    await tab.goto(`${origin}/en/tiny-gpt/`, { waitUntil: 'load' });
    await tab.waitForFunction(() => window.customElements.get('x2g-tiny-gpt') !== undefined);
    await tab.evaluate(() => window.document.querySelector('x2g-tiny-gpt')?.remove());
    await tab.evaluate(setUp, COUNTS);
    const take = (count, n) => tab.evaluate(steps, { workers: count, n });
    for (let i = 0; i < CHECKED; i++) {
      const [one, two] = [(await take(1, 1)).loss, (await take(2, 1)).loss];
      if (!(Math.abs(two / one - 1) < TOLERANCE))
        throw new Error(`the losses of step ${i + 1} differ: ${one} with one worker, ${two} with two`);
    }
    const n = env.quick ? 2 : 10;
    await take(1, n); // warm
    await take(2, n);
    const [ones, twos, ratios] = [[], [], []];
    for (let round = 0; round < (env.quick ? 1 : 5); round++) {
      const a = (await take(1, n)).ms;
      const b = (await take(2, n)).ms;
      const c = (await take(2, n)).ms;
      const d = (await take(1, n)).ms;
      ones.push(a, d);
      twos.push(b, c);
      ratios.push((a + d) / (b + c));
    }
    const row = (name, threads, value, unit, more = {}) => ({
      case: name,
      who: 'xor2gpt',
      threads,
      variant: 'simd128',
      value,
      unit,
      ...more,
    });
    return [
      row('laptop step, 1 worker', 1, median(ones), 'ms'),
      row('laptop step, 2 workers', 2, median(twos), 'ms'),
      row('laptop: 2 workers over 1', 2, median(ratios), '×', {
        note: `rounds from ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`,
      }),
    ];
  } finally {
    await context.close();
  }
}
