// Lesson 6 in both languages: node by node with the documents' figures, an edit on the graph, the check by the core, matrices, mistakes.
import { assert, equal, langs, SLACK, until, visit } from './harness.mjs';

const checks = [];
const check = (name, run, limit) => checks.push([name, run, limit]);

async function open(t, lang, options) {
  const seen = await visit(t.browser, t.origin, `/${lang}/backprop/`, options);
  const main = await seen.demo('x2g-backprop').ready();
  await main.fresh();
  return { ...seen, main };
}
const near = (found, wanted, what) =>
  assert(Math.abs(found - wanted) < 5e-4, `${what}: ${found}, wanted about ${wanted}`);
/** What the page holds of a tensor: its value or its gradient. */
const held = (main, kind, name) =>
  main.call((el, [k, n]) => el.report.views[`${k} ${n}`][n].data[0], [kind, name]);
/** The props of a drawing, which are what it shows. */
const shown = (main, tag) => main.at.evaluate((el, name) => el.shadowRoot.querySelector(name).props, tag);

for (const lang of langs) {
  check(`${lang} opens with the values in place and walks back op by op`, async (t) => {
    const { main, done } = await open(t, lang);
    near(await held(main, 'value', 'h1'), 0.731, 'h1');
    near(await held(main, 'value', 'y'), 0.59, 'y');
    near((await main.report()).loss, 0.084, 'the loss');
    const { nodes } = await shown(main, 'x2g-plot-graph');
    equal(
      nodes.map((n) => n.name),
      ['z1', 'h1', 'z2', 'y', 'L'],
      'the ops of the engine',
    );
    for (const name of [...nodes].reverse().map((n) => n.name)) {
      await main.hook('backward').click();
      await until(
        `the step at ${name}`,
        async () => (await shown(main, 'x2g-plot-graph')).current?.node === name,
      );
      assert((await main.hook('formula').innerText()).includes('='), `no formula at ${name}`);
    }
    near(await held(main, 'grad', 'w2'), -0.072, 'dw2');
    near(await held(main, 'grad', 'w1'), -0.0195, 'dw1');
    await main.hook('update').click();
    await until('the update', async () => (await main.report()).step === 1);
    const formula = await main.hook('formula').innerText();
    assert(formula.includes('η') && formula.includes('0.572'), `the update says: ${formula}`);
    await main.hook('forward').click();
    await until('a smaller loss', async () => (await main.report()).loss < 0.0836);
    await done();
  });

  check(`${lang} takes a number typed into the graph, and checks its gradient`, async (t) => {
    const { page, main, done } = await open(t, lang);
    const graph = main.at.locator('x2g-plot-graph canvas.main');
    await graph.focus();
    // The cursor begins at the first box, x: down to w1, Enter, a new number.
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await main.at.locator('x2g-plot-graph input.edit').fill('1.5');
    await page.keyboard.press('Enter');
    await until('w1 = 1.5', () => main.call((el) => el.getState().options.w1 === 1.5));
    await until('the value in the engine', async () => (await held(main, 'value', 'w1')) === 1.5);
    const probe = main.hook('probe');
    await until('the check of w1', async () => (await probe.innerText()).includes('w₁'));
    assert(await probe.locator('.verdict').evaluate((el) => el.hasAttribute('data-ok')), 'they do not agree');
    const before = await held(main, 'value', 'w1');
    await main.hook('nudge').click();
    await until('the nudge', async () => Math.abs((await held(main, 'value', 'w1')) - before - 0.001) < 1e-6);
    await done();
  });

  check(`${lang} shows two paths, matrices with their four equations, and mistakes`, async (t) => {
    const { main, done } = await open(t, lang);
    await main.openPanel('break');
    await main.hook('break-path').click();
    await until('sin(x²)', () => main.call((el) => el.getState().options.graph === 'sine'));
    const wrong = async () =>
      !(await main
        .hook('probe')
        .locator('.verdict')
        .evaluate((el) => el.hasAttribute('data-ok')));
    await until('x is found', async () => (await main.hook('probe').innerText()).includes('∂z/∂x'));
    for (let i = 0; i < 2; i += 1) await main.call((el) => el.step(1, 'backward'));
    await until('half of the gradient is wrong', wrong);
    await main.hook('break-path').click();
    await until('the mistake is gone', () => main.call((el) => el.getState().options.mistake === 'none'));
    await main.call((el) => el.setState({ v: 1, slug: 'backprop', options: { graph: 'layers' } }));
    await main.ready();
    await main.call((el) => el.step(5, 'backward'));
    const table = main.at.locator('.equations');
    await until('δ² and δ¹', async () => !/not yet|未計算/u.test(await table.innerText()));
    assert(/BP1[\s\S]*BP4/u.test(await table.innerText()), 'the four equations are not all there');
    // A cell of the tensor: chosen by keys, typed over.
    const cells = main.at.locator('x2g-plot-tensor');
    await cells.locator('canvas.main').focus();
    await main.page.keyboard.press('ArrowRight');
    const box = cells.locator('[data-x2g="tensor-edit"]');
    await box.fill('0.25');
    await box.press('Enter');
    await until('the typed weight', () =>
      main.call((el) => el.report.views['value W2']?.W2.data[1] === 0.25),
    );
    await done();
  });
}

check('a rate far too large is stopped and named', async (t) => {
  const { main, done } = await open(t, 'en');
  await main.openPanel('break');
  await main.hook('break-rate').click();
  await until('the identity', () => main.call((el) => el.getState().options.act === 'identity'));
  await main.hook('run').click();
  await until('the divergence is told', () => main.hook('diverged').isVisible(), 30_000 * SLACK);
  await done();
});

check('exercise 3 is graded by the core', async (t) => {
  const { main, done } = await open(t, 'ja');
  await main.openPanel('check');
  await main.answers('identity', [
    ['6', false],
    ['−6', true],
  ]);
  await done();
});

export default checks;
