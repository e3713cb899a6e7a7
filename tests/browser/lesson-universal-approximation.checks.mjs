// Lesson 3 in both languages: it opens with two hinges and trains, more hinges leave a smaller gap, a hinge is moved by keys and by
// pointer, a curve is drawn and comes back from the link, a switch breaks it, answers are graded. What every lesson does is checked in lessons.checks.mjs.
import { assert, equal, langs, until, visit } from './harness.mjs';

const TAG = 'x2g-universal-approximation';
const PATH = '/universal-approximation/';
const checks = [];
const check = (name, run, limit) => checks.push([name, run, limit]);
const open = async (t, lang, options) => {
  const seen = await visit(t.browser, t.origin, `/${lang}${PATH}`, options);
  return { ...seen, main: await seen.demo(TAG).ready() };
};

/** What the hinge plot was handed, without its functions. */
const plot = (main) =>
  main.call((el) => {
    const { hinges, gap, net, drawn } = el.renderRoot.querySelector('x2g-plot-hinge').props;
    return { hinges, gap: Math.abs(gap.from - gap.to), y: Array.from(net.y), drawn };
  });
/** Its plot after the run. What plays by itself is paused after five seconds: on a slow machine it is helped on. */
const trained = (main) =>
  until(
    'the end of the run',
    async () => {
      const { status, running } = await main.report();
      if (status === 'done') return plot(main);
      if (!running) await main.call((el) => el.run());
      return undefined;
    },
    90_000,
  );
const canvas = (main) => main.at.locator('x2g-plot-hinge canvas.main');

for (const lang of langs) {
  check(`${lang}: two hinges train by themselves, sixteen leave a far smaller gap`, async (t) => {
    const { main, done } = await open(t, lang);
    const two = await trained(main);
    equal(two.hinges.length, 2, 'hinges at the opening');
    assert(two.gap > 0.2, `two hinges left a gap of only ${two.gap}`);
    await main.hook('opt-hidden').fill('16');
    await until('sixteen hinges', async () => (await plot(main)).hinges.length === 16);
    const many = await trained(main);
    assert(many.gap < two.gap / 4, `gap with 2 hinges ${two.gap}, with 16 ${many.gap}`);
    const words = await main.hook('prediction').innerText();
    assert(/square|2乗/u.test(words), `the prediction says: ${words}`);
    await done();
  });

  check(`${lang}: hinges move by keys and by pointer, and the heights follow`, async (t) => {
    const { page, main, done } = await open(t, lang);
    await main.call((el) => el.setState({ v: 1, options: { hidden: 4, start: 'built' } }));
    await until('four hinges', async () => (await plot(main)).hinges.length === 4);
    await main.call((el) => el.pause());
    await main.call((el) => el.reset());
    const before = await plot(main);
    equal(
      before.hinges.map(({ x }) => x),
      [0, 0.25, 0.5, 0.75],
      'places of the hinges built by hand',
    );
    await canvas(main).focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowRight');
    const moved = await until('the second hinge at 0.26', async () => {
      const now = await plot(main);
      return Math.abs(now.hinges[1].x - 0.26) < 1e-6 ? now : undefined;
    });
    equal(moved.hinges[2].x, 0.5, 'the third hinge');
    equal((await main.report()).step, 0, 'arrow keys in the picture are no steps');
    // The strip of handles: the last 56 px above the lower edge, axis from 32 to width − 10.
    await canvas(main).scrollIntoViewIfNeeded();
    const box = await canvas(main).boundingBox();
    const at = (x) => box.x + 32 + x * (box.width - 42);
    const y = box.y + box.height - 36;
    await page.mouse.move(at(0.75), y);
    await page.mouse.down();
    await page.mouse.move(at(0.8), y, { steps: 3 });
    await page.mouse.move(at(0.85), y, { steps: 3 });
    await page.mouse.up();
    await until(
      'the fourth hinge near 0.85',
      async () => Math.abs((await plot(main)).hinges[3].x - 0.85) < 0.01,
    );
    const before_solving = await plot(main);
    await main.hook('solve').click();
    await until('solved heights', async () => (await plot(main)).y.length === before_solving.y.length);
    await done();
  });
}

check('a curve is drawn by pointer and keys, learned, and comes back from the link', async (t) => {
  const { page, main, done } = await open(t, 'en');
  await main.hook('opt-target').selectOption('own');
  await until('the drawing tools', () => main.at.locator('[data-tool="draw"]').isVisible());
  await main.at.locator('[data-tool="draw"]').click();
  await canvas(main).scrollIntoViewIfNeeded();
  const box = await canvas(main).boundingBox();
  const [left, width] = [box.x + 32, box.width - 42];
  await page.mouse.move(left, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(left + width, box.y + 40, { steps: 8 });
  await page.mouse.up();
  const drawn = await until('a level line', async () => {
    const { drawn: now } = await plot(main);
    return Math.abs(now[2] - now[30]) < 0.05 && now[2] > 0.5 ? now : undefined;
  });
  await canvas(main).focus();
  await page.keyboard.press('ArrowDown');
  await until('one value lower', async () => (await plot(main)).drawn[16] < drawn[16]);
  const link = await main.link();
  const wanted = await main.call((el) => el.getState().options.own);
  await done();
  const again = await visit(t.browser, t.origin, link.slice(t.origin.length));
  const other = await again.demo(TAG).ready();
  equal(await other.call((el) => el.getState().options.own), wanted, 'the drawn curve from the link');
  await again.done();
});

check('without an activation the net stays a straight line; answers are graded', async (t) => {
  const { main, done } = await open(t, 'ja');
  await main.openPanel('break');
  await main.hook('break-linear').click();
  const { y } = await trained(main);
  const bends = y.slice(2).map((v, i) => Math.abs(v - 2 * y[i + 1] + y[i]));
  assert(Math.max(...bends) < 1e-4, `a net without activation bends by ${Math.max(...bends)}`);
  await main.hook('break-linear').click();
  await main.openPanel('check');
  await main.answers('parameters', [
    ['48', false],
    ['49', true],
  ]);
  await done();
});

export default checks;
