// The tools that all lessons share, by mouse and keyboard: the slider over a run's past, twin runs, run.json, proof, own marks.
import { assert, equal, langs, slugs, until, visit } from './harness.mjs';

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

for (const lang of langs)
  for (const slug of slugs)
    check(
      `${lang}/${slug} shows a past step as it was, picture and numbers, and goes on from there`,
      async (t) => {
        const { main, done } = await open(t, `/${lang}/${slug}/`, tag_of(slug));
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
        await slide(main, steps[0]);
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
        await slide(main, 1);
        await until('step 1', async () => (await main.report()).step === 1);
        await main.hook('step').click();
        await until('step 2', async () => (await main.report()).step === 2);
        equal(await main.hook('travel').getAttribute('max'), '2', 'the newest step after going on');
        await done();
      },
    );

export default checks;
