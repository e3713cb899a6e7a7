// The tools that all lessons share, by mouse and keyboard: the slider over a run's past, twin runs, run.json, proof, own marks.
import { accessible, assert, equal, langs, slugs, until, visit } from './harness.mjs';

const tag_of = (slug) => `x2g-${slug}`;
const open = async (t, path, tag, options) => {
  const seen = await visit(t.browser, t.origin, path, options);
  return { ...seen, main: await seen.demo(tag).ready() };
};
const checks = [];
const check = (name, run, limit) => checks.push([name, run, limit]);

/** What a reader sees: the picture as pixels, the figures as text, and what the report says. */
async function seen(main) {
  await main.page.waitForTimeout(700); // drawings that turn have come to rest
  return main.call(async (el) => {
    await el.updateComplete;
    const root = el.shadowRoot;
    const plots = [...root.querySelectorAll('.picture [data-plot]')];
    for (const plot of plots) await plot.updateComplete;
    const { perceptron } = el.report;
    const numbers = perceptron && { ...perceptron, trace: perceptron.trace.at(-1) };
    const of_now = ['past', 'history', 'rewound', 'status'];
    const plain = (key, v) => (of_now.includes(key) ? undefined : ArrayBuffer.isView(v) ? [...v] : v);
    return {
      report: JSON.stringify({ ...el.report, perceptron: numbers }, plain),
      readouts: root.querySelector('.readouts').textContent.replace(/\s+/gu, ' '),
      picture: plots.map((plot) => plot.snapshot()?.image.toDataURL?.() ?? ''),
      table: root.querySelector('[data-x2g="panel-numbers"] table')?.textContent.replace(/\s+/gu, ' '),
    };
  });
}

/** Moves the slider by hand, as dragging does. */
const slide = (main, value) =>
  main.hook('travel').evaluate((input, v) => {
    input.value = String(v);
    input.dispatchEvent(new window.Event('input', { bubbles: true }));
  }, value);

/** The slider over the past, by mouse and keys: every past step looks as it did, and the run goes on from where one looks. */
async function travels(main, slug) {
  await main.fresh();
  const steps = slug === 'tiny-gpt' ? [2, 3] : [4, 9];
  await main.openPanel('numbers');
  const before = await main.at.locator('.past').boundingBox();
  await main.call((el, n) => el.step(n), steps[0]);
  if (slug === 'tiny-gpt')
    await until('the sample', () =>
      main.call((el) => !el.shadowRoot.querySelector('[aria-busy="true"] .caret')),
    );
  const early = await seen(main);
  await main.call((el, n) => el.step(n), steps[1] - steps[0]);
  const late = await seen(main);
  await until('the slider', () => main.hook('travel').isEnabled());
  const after = await main.at.locator('.past').boundingBox();
  assert(
    Math.abs(after.height - before.height) < 1,
    `the slider moved the page: ${before.height} -> ${after.height}`,
  );
  // Of a GPT on a busy machine the slider has places for the kept moments only: it is asked for the step itself.
  if (slug === 'tiny-gpt') await main.call((el, n) => el.goTo(n), steps[0]);
  else await slide(main, steps[0]);
  await until('the past', async () => (await main.report()).step === steps[0]);
  const again = await seen(main);
  for (const part of ['report', 'readouts', 'table'])
    equal(again[part], early[part], `${part} of step ${steps[0]}`);
  equal(
    again.picture.map((p, i) => p === early.picture[i]),
    again.picture.map(() => true),
    'the drawings are the same',
  );
  // The keys: Home to the start, End to the newest step.
  await main.hook('travel').press('Home');
  await until('step 0', async () => (await main.report()).step === 0);
  await main.hook('travel').press('End');
  await until('the newest step', async () => (await main.report()).step === steps[1]);
  const back = await seen(main);
  for (const part of ['report', 'readouts', 'table'])
    equal(back[part], late[part], `${part} of the newest step`);
  // ← looks back, Step goes on from there and forgets what came later.
  await main.key('ArrowLeft');
  await until('one step back', async () => (await main.report()).step === steps[1] - 1);
  if (slug === 'tiny-gpt') await main.call((el) => el.goTo(1));
  else await slide(main, 1);
  await until('step 1', async () => (await main.report()).step === 1);
  await main.hook('step').click();
  await until('step 2', async () => (await main.report()).step === 2);
  equal(await main.hook('travel').getAttribute('max'), '2', 'the newest step after going on');
}

/** What the twin's sentence says once both stand at `step`. */
async function told(main, step) {
  let text = '';
  const says = async () => {
    text = await main.hook('twin-told').textContent();
    return text.includes(` ${step} `) || text.includes(`ステップ${step}の`);
  };
  await until(`the twin at step ${step}`, says).catch((error) => {
    throw new Error(`${error.message}; it says "${text.trim()}"`);
  });
}

/** Does what builds the twin anew, and waits until it has come after: reports of before do not count. */
async function anew(main, step, change) {
  await main.call((el) => (window.before = el.shadowRoot.querySelector('[twin]').report));
  await change();
  await until(`the twin anew at step ${step}`, () =>
    main.call((el, n) => {
      const { report } = el.shadowRoot.querySelector('[twin]');
      return report !== window.before && report.step === n;
    }, step),
  );
}

/** A second run beside the first, with another rate or seed: at the same step on, back, running and reset. */
async function twins(page, main, slug) {
  await main.fresh();
  await main.call((el) => {
    window.heard = [];
    el.addEventListener('x2g-step', (e) => window.heard.push(e.composedPath()[0] === el));
  });
  const steps = slug === 'tiny-gpt' ? 3 : 12;
  await main.call((el, n) => el.step(n), steps);
  await main.hook('duplicate').click();
  await main.hook('twin').waitFor();
  // These two begin with given weights: a seed changes nothing there.
  const rate = { perceptron: 'rate', backprop: 'lr' }[slug];
  const both = () =>
    main.call((el) => {
      const twin = el.shadowRoot.querySelector('[twin]');
      return [el.report.step, twin.report?.step, el.report.loss, twin.report?.loss];
    });
  await until('the twin beside it', async () => (await both())[1] === steps);
  await anew(main, steps, () => main.hook('twin-what').selectOption(rate ?? 'seed'));
  const field = main.hook(`opt-twin-${rate ?? 'seed'}`);
  const value = rate === undefined ? '9' : '0.7';
  await field.fill(value);
  // Whatever draws the demo again while somebody types leaves the box alone.
  await main.call((el) => (el.requestUpdate(), el.updateComplete));
  equal(await field.inputValue(), value, 'what was typed, after another drawing');
  await anew(main, steps, () => field.press('Tab'));
  await told(main, steps);
  const [a, b, loss, other] = await both();
  equal([a, b], [steps, steps], 'steps of both');
  if (slug !== 'perceptron') assert(loss !== other, 'the twin trains the same run');
  await main.call((el) => el.goTo(1));
  await until('the twin in the past', async () => (await both())[1] === 1);
  await main.call((el, n) => el.goTo(n), steps);
  await until('the twin at the newest step', async () => (await both())[1] === steps);
  if (slug !== 'perceptron') {
    await main.hook('run').click();
    await main.stepped(steps + 2, 60_000);
    await main.call((el) => el.pause());
    await until('both at the same step again', async () => {
      const [mine, its] = await both();
      return mine === its;
    });
  }
  await main.call((el) => el.reset());
  await until('both at the start', async () => (await both())[1] === 0);
  await main.hook('twin-close').click();
  equal(await main.hook('twin').count(), 0, 'twins after closing');
  assert(
    await page.evaluate(() => window.heard.length > 0 && window.heard.every(Boolean)),
    'the page heard of the twin',
  );
}

for (const lang of langs)
  for (const slug of slugs)
    check(
      `${lang}/${slug} shows a past step as it was and goes on from there; a twin keeps step with it`,
      async (t) => {
        const { page, main, done } = await open(t, `/${lang}/${slug}/`, tag_of(slug));
        await travels(main, slug);
        await twins(page, main, slug);
        await done();
      },
      240_000,
    );

check('a run saved as run.json is made again on another page, to the last bit', async (t) => {
  const first = await open(t, '/en/xor/', 'x2g-xor');
  await first.main.fresh();
  await first.main.call((el) => el.reset({ seed: 5 }));
  await first.main.call((el) => el.step(123));
  const loss = (await first.main.report()).loss;
  await first.main.openPanel('embed');
  const [download] = await Promise.all([
    first.page.waitForEvent('download'),
    first.main.hook('save-run').click(),
  ]);
  equal(download.suggestedFilename(), 'xor2gpt-xor-run.json', 'name of the file');
  const file = await download.path();
  const { main, done } = await open(t, '/ja/xor/', 'x2g-xor');
  await main.openPanel('embed');
  await main.hook('open-run').setInputFiles(file);
  await until('step 123', async () => (await main.report()).step === 123);
  equal((await main.report()).loss, loss, 'the loss of the run made again');
  assert(
    (await main.hook('notice').textContent()).includes('最後の桁まで一致'),
    'it does not say that it is the same',
  );
  await main.hook('open-run').setInputFiles({
    name: 'run.json',
    mimeType: 'application/json',
    buffer: Buffer.from('{"format":"xor2gpt-run","version":1,"lesson":"depth"}'),
  });
  await until('the fault in words', async () =>
    (await main.hook('notice').textContent()).includes('"depth"'),
  );
  equal((await main.report()).step, 123, 'a wrong file moved the run');
  // Dropped onto the demo it is opened as well.
  await main.call((el) => el.reset());
  await main.at.locator('.frame').evaluate((frame) => {
    const data = new window.DataTransfer();
    data.items.add(new File(['{'], 'broken.json'));
    frame.dispatchEvent(
      new window.DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }),
    );
  });
  await until('the broken file in words', async () =>
    (await main.hook('notice').textContent()).includes('not JSON'),
  );
  await first.done();
  await done();
});

check('own marks appear on the course map, stay on the device and can be forgotten', async (t) => {
  const { page, main, done } = await open(t, '/en/xor/', 'x2g-xor');
  await main.fresh();
  await main.hook('predict-all').click();
  await main.call((el) => el.step(1000));
  await until(
    'the verdict',
    async () => (await main.at.locator('.prediction .verdict').textContent()).trim() !== '',
  );
  await main.openPanel('check');
  await main.answers('ln2', [['0.693', true]]);
  for (const lang of langs) {
    await page.goto(`${t.origin}/${lang}/`);
    const text = await until('the mark', () => page.locator('[data-x2g-mark="xor"]').textContent());
    assert(/1.+1|1/.test(text) && text.startsWith('✓'), `the mark says "${text}"`);
  }
  await accessible(page, '.x2g-map');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('[data-x2g-marks-save]').click(),
  ]);
  equal(download.suggestedFilename(), 'xor2gpt-marks.json', 'name of the file of marks');
  await page.locator('[data-x2g-marks-forget]').click();
  await until('no mark', () => page.locator('[data-x2g-mark="xor"]').isHidden());
  await page.reload();
  assert(await page.locator('[data-x2g-marks]').isHidden(), 'the marks came back');
  await done();
});

check('slider and twin are free of faults that axe finds, and fit a phone of 360 px', async (t) => {
  const { page, main, done } = await open(t, '/ja/xor/', 'x2g-xor', {
    viewport: { width: 360, height: 740 },
  });
  await main.fresh();
  await main.hook('duplicate').click();
  await main.hook('twin-what').selectOption('act');
  await main.hook('opt-twin-act').selectOption('relu');
  await main.call((el) => el.step(20));
  await told(main, 20);
  await main.call((el) => el.goTo(7));
  await main.at.locator('.twin details summary').click();
  await accessible(page, 'x2g-xor');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert(wide <= 360, `the page is ${wide} px wide`);
  await done();
});

export default checks;
