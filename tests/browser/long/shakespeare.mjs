// The long trial of lesson 21, by hand and not part of ./lab test: a text of a megabyte is dropped on the demo in Chromium and trained on
// with the preset "laptop" (nanoGPT's sizes, 2000 steps). Passes when the validation loss goes below 2.0. Prints the SHA-256 of the weights
// file at the end: tests/wasm/long/shakespeare.mjs gives the same one under Node.
//   node tests/browser/long/shakespeare.mjs FILE [--dist DIR] [--size tiny|small|medium|laptop|wide] [--goal 2.0] [--minutes 60]
//     [--steps N] [--out model.safetensors]
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { createStaticServer } from '../../../web/tools/serve.mjs';
import { executablePath } from '../harness.mjs';

const { values: o, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    dist: { type: 'string', default: new URL('../../../dist', import.meta.url).pathname },
    size: { type: 'string', default: 'laptop' },
    goal: { type: 'string', default: '2.0' },
    minutes: { type: 'string', default: '60' },
    steps: { type: 'string' },
    out: { type: 'string' },
  },
});
const [path] = positionals;
if (!path) {
  console.error('Which text? node tests/browser/long/shakespeare.mjs FILE');
  process.exit(2);
}
const text = await readFile(path, 'utf8');

const server = await createStaticServer(o.dist);
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
});
let lowest = Infinity;
try {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(`page error: ${error.message}`));
  await page.goto(`http://127.0.0.1:${server.address().port}/embed/v1/tiny-gpt/?lang=en`);
  const demo = page.locator('x2g-tiny-gpt');
  await demo.evaluate((el) => el.ready);
  await demo.locator('[data-x2g="opt-preset"]').selectOption(o.size);
  await demo.evaluate((el, dropped) => {
    const files = new DataTransfer();
    files.items.add(new File([dropped], 'dropped.txt', { type: 'text/plain' }));
    el.dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true }));
  }, text);
  await demo.locator('[data-x2g="own-text"]').waitFor();
  await page.waitForTimeout(5000); // the run on the dropped text is built

  const start = Date.now();
  if (o.steps) await demo.evaluate((el, n) => el.step(n), Number(o.steps));
  else await demo.locator('[data-x2g="run"]').click();
  let told = -1;
  for (;;) {
    await page.waitForTimeout(1000);
    const r = await demo.evaluate((el) => ({
      step: el.report.step,
      loss: el.report.loss,
      valid: el.report.valLoss,
      speed: el.report.tokensPerSecond,
      running: el.running,
      said: el.shadowRoot.querySelector('[data-x2g="failure"], [data-x2g="diverged"]')?.textContent,
    }));
    if (r.valid !== null) lowest = Math.min(lowest, r.valid);
    const seconds = (Date.now() - start) / 1000;
    if (!r.running || Math.floor(r.step / 100) > told) {
      told = Math.floor(r.step / 100);
      const valid = r.valid === null ? '–' : r.valid.toFixed(3);
      const speed = r.speed === null ? '–' : Math.round(r.speed);
      console.log(
        `${seconds.toFixed(0)} s: step ${r.step}, loss ${r.loss.toFixed(3)}, validation ${valid}, ${speed} tokens/s`,
      );
    }
    if (r.said) throw new Error(r.said);
    if (!r.running) break;
    if (seconds > 60 * Number(o.minutes)) {
      console.log(`stopped after ${o.minutes} minutes`);
      break;
    }
  }
  const coded = await demo.evaluate(async (el) => {
    let text = '';
    for (const byte of await el.exportWeights()) text += String.fromCharCode(byte);
    return btoa(text);
  });
  const weights = Buffer.from(coded, 'base64');
  console.log(
    `weights: ${weights.length} bytes, SHA-256 ${createHash('sha256').update(weights).digest('hex')}`,
  );
  if (o.out) await writeFile(o.out, weights);
  console.log(
    await demo
      .locator('x2g-plot-text')
      .first()
      .evaluate((el) => el.shadowRoot.textContent)
      .catch(() => ''),
  );
} finally {
  await browser.close();
  server.close();
}
const passed = lowest < Number(o.goal);
console.log(`lowest validation loss ${lowest.toFixed(3)}: ${passed ? 'below' : 'not below'} ${o.goal}`);
process.exit(passed ? 0 : 1);
