// What every lesson does, in both languages: opens quietly, trains by its own buttons and keys, repeats itself, shares and restores.
import { accessible, assert, equal, langs, SLACK, slugs, until, visit } from './harness.mjs';

/** The lesson's main demo: XOR's page shows the perceptron of lesson 1 first. */
const tag_of = (slug) => `x2g-${slug}`;
const open = async (t, lang, slug, options) => {
  const seen = await visit(t.browser, t.origin, `/${lang}/${slug}/`, options);
  return { ...seen, main: await seen.demo(tag_of(slug)).ready() };
};
/** Their defaults draw nothing at random. */
const UNSEEDED = ['perceptron', 'backprop'];
const checks = [];
const check = (name, run, limit) => checks.push([name, run, limit]);
const LONG_MS = 240_000;

/** The button trains and stops. */
async function by_button(page, main, slug) {
  await main.fresh();
  const first = await main.report();
  assert(Number.isFinite(first.loss) && first.step === 0, `before training: ${JSON.stringify(first)}`);
  await main.hook('run').click();
  const least = slug === 'perceptron' ? 6 : slug === 'tiny-gpt' ? 12 : 150;
  const later = await main.stepped(least, 90_000);
  if (slug !== 'perceptron')
    assert(later.loss < first.loss, `the loss did not fall: ${first.loss} -> ${later.loss}`);
  if (!later.running) return;
  await main.hook('run').click();
  await until('the demo pauses', async () => !(await main.report()).running, 1000 * SLACK);
  await page.waitForTimeout(250 * SLACK);
  const stopped = (await main.report()).step;
  await page.waitForTimeout(300);
  equal((await main.report()).step, stopped, 'steps after the pause');
}

/** Every move by keyboard: a step, the reset, run and pause, the list of keys. */
async function by_keys(page, main) {
  await main.fresh();
  const first = await main.report();
  await main.key('ArrowRight');
  await main.stepped(1);
  await main.key('ArrowRight');
  await main.stepped(2);
  await main.key('r');
  await until('the reset', async () => (await main.report()).step === 0);
  equal((await main.report()).loss, first.loss, 'loss after the reset');
  await main.key(' ');
  await until('Space runs', async () => (await main.report()).step > 2, 60_000);
  if ((await main.report()).running) {
    await main.key(' ');
    await until('Space pauses', async () => !(await main.report()).running, 1000 * SLACK);
  }
  await main.key('?');
  await main.at.locator('dialog[open]').waitFor();
  await page.keyboard.press('Escape');
}

/** A short run from each seed, as numbers. */
async function runs(main, slug, seeds) {
  const losses = [];
  await main.call((el) => el.pause());
  for (const seed of seeds) {
    await main.call((el, s) => el.reset({ seed: s }), seed);
    await main.call((el, steps) => el.step(steps), slug === 'tiny-gpt' ? 3 : 40);
    losses.push(
      await main.call((el) => [el.report.step, el.report.loss, ...(el.report.perceptron?.weights ?? [])]),
    );
  }
  return losses;
}

/** Links that nobody made: refused in words, and the demo answers all the same. */
async function broken_links(page, main, slug) {
  for (const bad of ['%00', 'eyJ2Ijo5OX0', 'eyJvcHRpb25zIjp7Il9fcHJvdG9fXyI6MX19', 'x'.repeat(70_000)]) {
    await main.fresh();
    await until('no message', async () => !(await main.hook('notice').isVisible()));
    await page.evaluate((h) => (location.hash = h), `#${slug}=${bad}`);
    await until(`a message about the link ${bad.slice(0, 20)}`, () => main.hook('notice').isVisible());
    assert((await main.report()).step !== undefined, 'the demo does not answer any more');
  }
}

// A visit costs some seconds of a processor, so each does several things one after another; what failed says its error.
for (const lang of langs)
  for (const slug of slugs) {
    check(
      `${lang}/${slug} trains by button and keys, repeats itself by seed, shares and restores its state`,
      async (t) => {
        const { page, main, done } = await open(t, lang, slug);
        await by_button(page, main, slug);
        await by_keys(page, main);
        const [eight, seven] = await runs(main, slug, [8, 7]);
        if (!UNSEEDED.includes(slug)) assert(eight[1] !== seven[1], 'seed 8 gave the run of seed 7');
        await main.call((el) => el.reset({ seed: 11 }));
        await main.call((el) => el.step(2));
        const link = await main.link();
        const wanted = await main.call((el) => [el.getState(), el.report.loss]);
        await done();

        const again = await visit(t.browser, t.origin, link.slice(t.origin.length));
        const other = await again.demo(tag_of(slug)).ready();
        const [state, loss] = await other.call((el) => [el.getState(), el.report.loss]);
        equal(state, wanted[0], 'the state from the link');
        if (state.step > 0) equal(loss, wanted[1], 'the loss of the replayed run');
        assert(page.isClosed(), 'the first page is still open');
        equal(await runs(other, slug, [7]), [seven], 'seed 7 in two pages');
        await broken_links(again.page, other, slug);
        await again.done();
      },
      LONG_MS,
    );

    check(
      `${lang}/${slug} is free of faults that axe finds, light and dark, panels open, and fits 360 px`,
      async (t) => {
        const { page, main, done } = await open(t, lang, slug, { colorScheme: 'light' });
        for (const name of ['numbers', 'break', 'check', 'embed', 'proof'])
          if ((await main.hook(`panel-${name}`).count()) > 0) await main.openPanel(name);
        await accessible(page);
        await page.setViewportSize({ width: 360, height: 740 });
        await main.call((el) => el.updateComplete);
        const width = () => page.evaluate(() => document.documentElement.scrollWidth);
        await until('a page no wider than 360 px', async () => (await width()) <= 360, 5000);
        const small = await main.at.evaluate((el) =>
          [...el.shadowRoot.querySelectorAll('button, select, summary')]
            .filter((b) => b.checkVisibility() && b.getBoundingClientRect().height < 43.5)
            .map((b) => b.textContent.trim().slice(0, 30)),
        );
        equal(small, [], 'controls lower than 44 px');
        await done();
      },
      LONG_MS,
    );
  }

check('a prediction is asked, kept and answered by the run', async (t) => {
  const { main, done } = await open(t, 'en', 'xor');
  await main.fresh();
  await main.page.reload();
  await main.ready();
  await main.call((el) => el.pause());
  if (await main.hook('predict-all').isEnabled()) await main.hook('predict-all').click();
  await main.call((el) => el.step(1000));
  await until('the answer', async () =>
    (await main.hook('prediction').innerText()).includes('until one line could do it'),
  );
  await done();
});

check('an exercise is graded by the core, wrong and right', async (t) => {
  const { main, done } = await open(t, 'en', 'activations');
  await main.openPanel('check');
  await main.answers('sigmoid-max', [
    ['0.5', false],
    ['0.25', true],
  ]);
  await done();
});

check('a switch of Break it removes an ingredient and puts it back', async (t) => {
  const { main, done } = await open(t, 'ja', 'xor');
  await main.fresh();
  await main.openPanel('break');
  await main.hook('break-one-unit').click();
  await until('one hidden unit', () => main.call((el) => el.getState().options.hidden === 1));
  await main.call((el) => el.step(1000));
  const { loss } = await main.report();
  assert(loss > 0.4, `one hidden unit reached a loss of ${loss}`);
  await main.hook('break-one-unit').click();
  await until('two hidden units', () => main.call((el) => el.getState().options.hidden === 2));
  await done();
});

check('the perceptron says that XOR makes it cycle, in both languages', async (t) => {
  for (const lang of langs) {
    const { main, done } = await open(t, lang, 'perceptron');
    await main.fresh();
    await main.hook('opt-data').selectOption('xor');
    await until('XOR', () => main.call((el) => el.getState().options.data === 'xor'));
    await main.call((el) => el.step(200));
    assert(await main.call((el) => el.report.perceptron.cycles), 'no cycle was found');
    const words = await main.hook('status').innerText();
    assert(/cycle|repeat|再び|繰り返/u.test(words), `the status line says: ${words}`);
    await done();
  }
});

check('a run that blows up pauses, names the tensor and offers a lower rate', async (t) => {
  const { main, done } = await open(t, 'en', 'activations');
  await main.fresh();
  await main.call((el) => el.setState({ v: 1, slug: 'activations', options: { f: 'leaky_relu', lr: 1000 } }));
  await main.ready();
  await main.hook('run').click();
  await until('the report of a divergence', () => main.hook('diverged').isVisible(), 60_000);
  const { problem, status } = await main.report();
  equal(status, 'diverged', 'status');
  assert((await main.hook('diverged').innerText()).includes(problem.tensor), 'the tensor is not named');
  await done();
});

check('nanoseconds are measured on this machine', async (t) => {
  const { main, done } = await open(t, 'en', 'activations');
  await main.hook('measure').click();
  // Two bars a function, in the list's own properties: text in a shadow root is nobody's innerText.
  const shown = () =>
    main.page.evaluate(() => {
      const all = [...document.querySelector('x2g-activations').shadowRoot.querySelectorAll('*')];
      return all
        .map((el) => el.props)
        .find((p) => p?.bars?.length === 22)
        ?.bars.map((bar) => bar.value);
    });
  const rows = await until('the measurement', shown, 60_000);
  assert(
    rows.every((ns) => ns > 0 && ns < 10_000),
    `nanoseconds: ${JSON.stringify(rows)}`,
  );
  await done();
});

export default checks;
