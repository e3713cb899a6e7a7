// Lesson 4 in both languages: it opens folded once and trains, folding doubles the counted pieces, switches break it, the race runs,
// answers are graded, the state travels. What every lesson does is checked in lessons.checks.mjs.
import { assert, equal, langs, until, visit } from './harness.mjs';

const TAG = 'x2g-depth';
const checks = [];
const check = (name, run, limit) => checks.push([name, run, limit]);
const open = async (t, lang, options) => {
  const seen = await visit(t.browser, t.origin, `/${lang}/depth/`, options);
  return { ...seen, main: await seen.demo(TAG).ready() };
};
/** The counted pieces under the pictures of both nets, as text says them: the last number of each line. */
const pieces = (main) =>
  main.call((el) =>
    ['deep', 'twin'].map((name) =>
      Number(/(\d+)\D*$/u.exec(el.renderRoot.querySelector(`[data-x2g="pieces-${name}"]`).textContent)[1]),
    ),
  );
const counted = (main, deep, twin) =>
  until(`${deep} and ${twin} pieces`, async () => {
    const now = await pieces(main);
    return now[0] === deep && now[1] === twin;
  });

for (const lang of langs)
  check(`${lang}: folds by button and key, counts the pieces, breaks and mends`, async (t) => {
    const { page, main, done } = await open(t, lang);
    await counted(main, 2, 2);
    await main.stepped(20, 30_000);
    await main.hook('fold').click();
    await counted(main, 4, 4);
    await main.hook('fold').focus();
    await page.keyboard.press('Enter');
    await counted(main, 8, 6);
    await main.hook('opt-folds').fill('5');
    await counted(main, 32, 10);
    await until('the prediction is answered', async () =>
      /strip double|2つに折れる/u.test(await main.hook('prediction').innerText()),
    );
    await main.openPanel('break');
    await main.hook('break-linear').click();
    await counted(main, 1, 1);
    await main.hook('break-linear').click();
    await main.hook('break-last-unit').click();
    await counted(main, 16, 10);
    await main.hook('break-last-unit').click();
    await counted(main, 32, 10);
    await main.hook('unfold').click();
    await counted(main, 16, 8);
    const state = await main.call((el) => el.getState());
    equal(state.options.folds, 4, 'folds in the state');
    const link = await main.link();
    await done();
    const again = await visit(t.browser, t.origin, link.slice(t.origin.length));
    const other = await again.demo(TAG).ready();
    await counted(other, 16, 8);
    await again.done();
  });

check('the race of equal parameters runs to its end and both learn', async (t) => {
  const { main, done } = await open(t, 'en');
  await main.call((el) => el.pause());
  await main.call((el) => el.setState({ v: 1, options: { curve: 'wave' } }));
  await main.hook('race').click();
  const ends = await until(
    'both lines to the end',
    () =>
      main.call((el) => {
        const plot = [...el.renderRoot.querySelectorAll('x2g-plot-line')].at(-1);
        const lanes = plot.props.series.filter((s) => s.x.at(-1) === 3000 && s.x[0] === 0);
        return lanes.length >= 2 && lanes.map((s) => [s.y[0], s.y.at(-1)]);
      }),
    90_000,
  );
  for (const [first, last] of ends) assert(last < first / 5, `a lane went from ${first} to ${last}`);
  await done();
});

check('answers are graded by building nets, wrong and right', async (t) => {
  const { main, done } = await open(t, 'ja');
  await main.openPanel('check');
  await main.answers('pieces', [
    ['12', false],
    ['64', true],
  ]);
  await main.answers('shallow-units', [
    ['64', false],
    ['63', true],
  ]);
  await done();
});

export default checks;
