// A step taken apart in lessons 1, 2 and 5, and pictures as SVG: by op, by example, by epoch; the formula with its numbers, terms that light up in the picture.
// That every line is true is checked without a browser (lessons/02-xor/steps.test.ts).
import { assert, equal, langs, until, visit } from './harness.mjs';

const checks = [];
const check = (name, run, limit) => checks.push([name, run, limit]);
const open = async (t, lang, slug) => {
  const seen = await visit(t.browser, t.origin, `/${lang}/${slug}/`);
  const main = await seen.demo(`x2g-${slug}`).ready();
  await main.call((el) => el.pause());
  return { ...seen, main };
};
/** The written lines, and how many terms are lit. */
const written = (main) =>
  main.call((el) => {
    const root = el.renderRoot.querySelector('x2g-worked')?.shadowRoot;
    const lines = [...(root?.querySelectorAll('.line') ?? [])].map((p) =>
      p.textContent.replace(/\s+/gu, ' ').trim(),
    );
    return { lines, lit: root?.querySelectorAll('[data-lit]').length ?? 0 };
  });
const says = (main, what, test) =>
  until(what, async () => test((await written(main)).lines.join('\n')), 10_000);

for (const lang of langs)
  check(`${lang}/xor steps by op, by example and by epoch, and lights up terms`, async (t) => {
    const { page, main, done } = await open(t, lang, 'xor');
    await main.call((el) => el.reset({ seed: 1 }));
    const output = () =>
      main.call((el) => ['W2', 'b2'].flatMap((name) => [...el.report.views[name][name].data]));
    const before = await output();
    await main.hook('grain').selectOption('1'); // one node forward
    await main.hook('step').click();
    await says(main, 'the sum of h1', (text) =>
      /^s\(h1\) = W₁\[1,1\] · x₁ \+ W₁\[1,2\] · x₂ \+ b₁\[1\] = /u.test(text),
    );
    await main.at.evaluate((el) =>
      el.shadowRoot
        .querySelector('x2g-worked')
        .shadowRoot.querySelectorAll('.term')[1]
        .dispatchEvent(new el.ownerDocument.defaultView.PointerEvent('pointerenter')),
    );
    await until('lit terms', async () => (await written(main)).lit >= 2);
    await main.hook('grain').selectOption('2'); // one node backward
    for (let i = 0; i < 3; i += 1) await main.hook('step').click();
    await says(main, 'what reaches h1', (text) => /∂L\/∂h1 = ∂L\/∂s\(y\) · W₂\[1,1\] = /u.test(text));
    await main.hook('grain').selectOption('3'); // the update
    await main.hook('step').click();
    await says(main, 'the update', (text) => text.includes('W₂[1,2] ←'));
    equal((await main.report()).step, 1, 'steps after the update');
    await main.hook('view-updates').click();
    const told = await main.at.evaluate((el) => {
      const tables = el.shadowRoot.querySelector('x2g-plot-network').shadowRoot.querySelectorAll('table');
      const cells = [...tables[1].querySelectorAll('td')].slice(-3);
      return cells.map((cell) => Number(cell.textContent.trim().replace('\u2212', '-')));
    });
    const added = (await output()).map((value, i) => value - before[i]);
    assert(
      added.length === told.length && added.every((v, i) => Math.abs(v - told[i]) <= 0.01 * Math.abs(v)),
      `the last update: told ${told}, was ${added}`,
    );
    await main.call((el) => el.back());
    equal((await main.report()).step, 0, 'steps after going back');
    await main.call((el) =>
      el.setState({ ...el.getState(), options: { ...el.getState().options, examples: 'one' }, step: 0 }),
    );
    await until(
      'the grains of single examples',
      async () => (await main.hook('grain').locator('option').count()) === 5,
    );
    await main.call((el) => el.step(1, 'epoch'));
    equal((await main.report()).step, 4, 'steps of an epoch, an example each');
    assert(page.url().includes(`/${lang}/`), 'another page');
    await done();
  });

check('lesson 5 tells what a slope lets pass; lesson 1 marks what a mistake changed', async (t) => {
  const five = await open(t, 'en', 'activations');
  await five.main.call((el) => el.step(4, 'backward'));
  await says(five.main, 'the slope of a unit', (text) =>
    /∂L\/∂s\(h₂\[1\]\) = ∂L\/∂h₂\[1\] · \[s\(h₂\[1\]\) > 0\] = /u.test(text),
  );
  await five.done();
  const one = await open(t, 'ja', 'perceptron');
  await one.main.call((el) => el.step(2));
  await says(one.main, 'the update of a mistake', (text) => text.includes('w₁ ← w₁ + η · e · x₁'));
  await one.main.call((el) => el.reset());
  const bias = () => one.main.at.locator('x2g-plot-network input').last().inputValue();
  const untouched = await bias();
  await one.main.call((el) => el.step(1, 'node'));
  await says(one.main, 'the sum alone', (text) => /^s = /u.test(text) && !text.includes('←'));
  equal(await bias(), untouched, 'the bias before its update is told');
  await one.main.call((el) => el.step(2, 'node'));
  await says(one.main, 'sum, answer, update', (text) => text.includes('b ← b + η · e'));
  assert((await bias()) !== untouched, 'the update is not in the picture');
  // A weight is edited where it stands, by keys alone.
  await one.main.at.locator('x2g-plot-network canvas').focus();
  for (const key of ['ArrowRight', 'Enter']) await one.page.keyboard.press(key);
  await one.page.keyboard.type('0.7');
  await one.page.keyboard.press('Enter');
  await until('the typed weight', () => one.main.call((el) => el.report.perceptron.weights[0] === 0.7));
  await one.done();
});

// What each picture must say in its SVG.
const said = {
  perceptron: ['x₁', 'Inputs', '0.5'],
  'universal-approximation': ['step', 'widest gap', '3000'],
  backprop: ['σ(z₁)', 'w₁'],
};
check('pictures are saved as SVG with their texts, and a browser draws them', async (t) => {
  for (const [slug, texts] of Object.entries(said)) {
    const { page, main, done } = await open(t, 'en', slug);
    const svg = await main.call(async (el) => (await el.exportSVG()).text());
    const found = await page.evaluate(async (source) => {
      const { DOMParser, Image, URL, Blob, document } = globalThis;
      const parsed = new DOMParser().parseFromString(source, 'image/svg+xml');
      const image = new Image();
      image.src = URL.createObjectURL(new Blob([source], { type: 'image/svg+xml' }));
      await image.decode();
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [image.width, image.height];
      const ctx = canvas.getContext('2d');
      ctx.drawImage(image, 0, 0);
      const { data } = ctx.getImageData(0, 0, canvas.width, canvas.height);
      const colors = new Set();
      for (let i = 0; i < data.length; i += 4) colors.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
      return {
        error: parsed.querySelector('parsererror')?.textContent ?? '',
        scripts: parsed.querySelectorAll('script, foreignObject, [onload], [onclick]').length,
        words: [...parsed.querySelectorAll('text')].map((node) => node.textContent),
        paths: parsed.querySelectorAll('path').length,
        colors: colors.size,
      };
    }, svg);
    equal([found.error, found.scripts], ['', 0], `faults and scripts in the SVG of ${slug}`);
    assert(found.paths > 10 && found.colors > 10, `${slug}: ${found.paths} paths, ${found.colors} colors`);
    for (const text of texts)
      assert(
        found.words.some((word) => word.includes(text)),
        `${slug}: no "${text}" in ${found.words.join(' | ')}`,
      );
    await done();
  }
});

export default checks;
