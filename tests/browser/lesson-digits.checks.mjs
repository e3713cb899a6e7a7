// Lesson 7 as a reader uses it: the net learns the digit on the pad, a drawing by pointer and by keyboard, the matrix, own MNIST files.
// What every lesson does is asked in lessons.checks.mjs.
import { gzipSync } from 'node:zlib';
import { assert, equal, langs, until, visit } from './harness.mjs';

const checks = [];
const check = (name, run, limit) => checks.push([name, run, limit]);
const open = async (t, lang, options) => {
  const seen = await visit(t.browser, t.origin, `/${lang}/digits/`, options);
  const main = await seen.demo('x2g-digits').ready();
  await main.call((el) => el.pause());
  return { ...seen, main };
};
/** The ten outputs for the digit on the pad, and the accuracy that stands under the picture. */
const outputs = (main) => main.call((el) => [...(el.report.views.mine?.y?.data ?? [])]);
/** The outputs once they stay the same: the drawing is centered and read by the core, a moment after the pen. */
async function settled(main) {
  let before = '';
  return until('outputs that stay', async () => {
    await main.page.waitForTimeout(600);
    const now = await outputs(main);
    const same = JSON.stringify(now) === before;
    before = JSON.stringify(now);
    return same && now;
  });
}
const best = (y) => y.indexOf(Math.max(...y));
const pad = (main) => main.at.locator('x2g-plot-pad');
const strokes = (main) => pad(main).evaluate((el) => el.props.strokes.length);
const truth = (main) => pad(main).evaluate((el) => Number(/\d/u.exec(el.props.picture.label)?.[0]));

async function draw(main, points) {
  const box = await pad(main).locator('canvas.main').boundingBox();
  const at = ([x, y]) => [box.x + x * box.width, box.y + y * box.height];
  await main.page.mouse.move(...at(points[0]));
  await main.page.mouse.down();
  for (const point of points.slice(1)) await main.page.mouse.move(...at(point), { steps: 6 });
  await main.page.mouse.up();
}

for (const lang of langs) {
  check(`${lang}: within one run the ten bars settle on the digit of the pad`, async (t) => {
    const { main, done } = await open(t, lang);
    const before = await outputs(main);
    equal(before.length, 10, 'outputs before training');
    const digit = await truth(main);
    await main.hook('predict-most').click();
    await main
      .hook('speed')
      .selectOption('0')
      .catch(() => undefined);
    await main.hook('run').click();
    await until('the end of the run', async () => (await main.report()).status === 'done', 100_000);
    const after = await outputs(main);
    equal(best(after), digit, 'the answer after training');
    assert(after[digit] > 0.8, `its bar stands at ${after[digit]}`);
    const matrix = main.at.locator('x2g-plot-confusion');
    const right = await matrix.evaluate((el) => {
      const { counts } = el.props;
      return Array.from({ length: 10 }, (_, k) => counts[11 * k]).reduce((a, b) => a + b);
    });
    assert(right >= 950, `${right} of 1000 unseen digits are read right`);
    await until('the prediction is answered', async () =>
      (await main.hook('prediction').innerText()).includes('95'),
    );
    // A cell of the matrix shows its digits; one of them goes onto the pad.
    await matrix.evaluate((el) => el.props.onPick(3, 3));
    const grid = main.at.locator('x2g-plot-images').nth(2);
    await until('the digits of the cell', async () => (await grid.count()) > 0);
    await grid.locator('canvas.main').click({ position: { x: 20, y: 20 } });
    await until('a 3 on the pad', async () => (await truth(main)) === 3);
    await done();
  });

  check(
    `${lang}: draws by pointer and keyboard, undoes, clears, and the drawing travels in the link`,
    async (t) => {
      const { page, main, done } = await open(t, lang);
      await draw(main, [
        [0.2, 0.2],
        [0.75, 0.2],
        [0.45, 0.85],
      ]);
      await until('the first stroke', async () => (await strokes(main)) === 1);
      const canvas = pad(main).locator('canvas.main');
      await canvas.focus();
      for (const key of ['Shift+ArrowLeft', ' ', 'Shift+ArrowRight', 'Shift+ArrowRight', ' '])
        await canvas.press(key);
      await until('the second stroke', async () => (await strokes(main)) === 2);
      equal((await main.report()).step, 0, 'steps made by the keys of the pad');
      const seen = await settled(main);
      const link = await main.link();
      assert(link.length < 8000, `the link has ${link.length} characters`);
      await main.hook('pad-undo').click();
      await until('one stroke is left', async () => (await strokes(main)) === 1);
      await main.hook('pad-clear').click();
      await until('an empty pad', async () => (await strokes(main)) === 0);
      await done();
      const again = await visit(t.browser, t.origin, link.slice(t.origin.length));
      const other = await again.demo('x2g-digits').ready();
      equal(await strokes(other), 2, 'strokes from the link');
      equal(await settled(other), seen, 'the outputs for the drawing from the link');
      assert(page.isClosed(), 'the first page is still open');
      await again.done();
    },
  );

  check(`${lang}: takes MNIST files, packed or plain, and says what is wrong with others`, async (t) => {
    const { main, done } = await open(t, lang);
    const count = 60;
    const head = (...numbers) => {
      const bytes = Buffer.alloc(4 * numbers.length);
      numbers.forEach((n, i) => bytes.writeUInt32BE(n, 4 * i));
      return bytes;
    };
    // Digit k as a bar of its own height: enough to be told apart.
    const labels = Buffer.from(Array.from({ length: count }, (_, i) => i % 10));
    const pixels = Buffer.alloc(count * 784);
    for (let i = 0; i < count; i++)
      pixels.fill(255, i * 784 + 28 * 2 * (i % 10), i * 784 + 28 * (2 * (i % 10) + 3));
    const images = gzipSync(Buffer.concat([head(0x803, count, 28, 28), pixels]));
    const names = Buffer.concat([head(0x801, count), labels]);
    const give = (...files) =>
      main
        .hook('file')
        .setInputFiles(
          files.map(([name, buffer]) => ({ name, mimeType: 'application/octet-stream', buffer })),
        );
    await give(['cat.png', Buffer.from('no IDX at all, but a text')]);
    await until('words about a wrong file', () => main.hook('notice').isVisible());
    await give(['images.gz', images]);
    await until('the labels are asked for', async () =>
      (await main.hook('notice').innerText()).includes('images.gz'),
    );
    await give(['labels', names]);
    await until('the pictures are ready', () => main.hook('own').isVisible());
    await main.hook('own-train').click();
    await until('a run on them', () =>
      main.at.locator('x2g-plot-confusion').evaluate((el) => el.props.counts.reduce((a, b) => a + b) === 10),
    );
    await main.call((el) => el.step(400));
    const right = await main.at.locator('x2g-plot-confusion').evaluate((el) => {
      const { counts } = el.props;
      return Array.from({ length: 10 }, (_, k) => counts[11 * k]).reduce((a, b) => a + b);
    });
    assert(right >= 8, `${right} of 10 bars are read right`);
    // A twin has the same pictures: with nothing changed it is the same run, to the bit.
    await main.hook('duplicate').click();
    const both = () =>
      main.call((el) => {
        const twin = el.shadowRoot.querySelector('[twin]');
        const counted = (demo) =>
          demo.shadowRoot.querySelector('x2g-plot-confusion')?.props.counts.reduce((a, b) => a + b);
        return [el, twin].map((demo) => [demo?.report?.step, demo?.report?.loss, demo && counted(demo)]);
      });
    await until('the twin on the same pictures', async () => {
      const [first, second] = (await both()).map(String);
      return first === second && first.endsWith(',10');
    });
    await done();
  });
}

check('its switches break it, and its exercises are graded by the core', async (t) => {
  const { main, done } = await open(t, 'en');
  await main.openPanel('break');
  await main.hook('break-zeros').click();
  await until('weights of zero', () => main.call((el) => el.getState().options.start === 'zeros'));
  await main.call((el) => el.step(40));
  const kinds = await main.call((el) => {
    const { data } = el.report.views.W1.W1;
    return new Set(Array.from({ length: 30 }, (_, i) => data.subarray(784 * i, 784 * (i + 1)).join())).size;
  });
  equal(kinds, 1, 'different hidden units');
  await main.hook('break-zeros').click();
  await until('random weights', () => main.call((el) => el.getState().options.start === 'scaled'));
  await main.openPanel('check');
  await main.answers('parameters', [
    ['23550', false],
    ['23860', true],
  ]);
  await done();
});

export default checks;
