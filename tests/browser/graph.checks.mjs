// The page for graphs of one's own, and the references: live in both languages, free of faults, reached from the site at any sub-path.
import { readdirSync, readFileSync } from 'node:fs';
import { accessible, assert, dist, equal, langs, root, serve, until, visit } from './harness.mjs';

const checks = [];
const check = (name, run, limit) => checks.push([name, run, limit]);

/** Both graphs of the page, once they stand. */
async function graphs(demo) {
  const both = [demo('x2g-graph', 0), demo('x2g-graph', 1)];
  for (const one of both) {
    await one.ready();
    assert((await one.report()).step === 0, 'a graph does not stand at step 0');
  }
  return both;
}
const figure = (demo, name) => demo.hook(`out-${name}`).innerText();

for (const lang of langs) {
  check(`${lang} graphs train, by button and by node`, async (t) => {
    const { page, demo, done } = await visit(t.browser, t.origin, `/${lang}/graph/`);
    const [net, gpt] = await graphs(demo);
    equal(await figure(net, 'parameters'), '17', 'parameters of the two-layer net');
    await net.hook('step').click();
    await until('step 1 on the page', async () => (await figure(net, 'step')) === '1');

    // By node: 4 forward, 4 backward, the update; the current one is marked.
    await net.hook('grain').selectOption('node');
    const marked = () => net.hook('nodes').locator('li[aria-current]');
    await net.hook('step').click();
    await until('the first node is marked', async () => (await marked().count()) === 1);
    equal(await marked().getAttribute('data-phase'), 'forward', 'first half');
    await net.call((el) => el.step(4, 'node'));
    equal(await marked().getAttribute('data-phase'), 'backward', 'second half');
    assert((await marked().innerText()).startsWith('loss'), 'backward does not begin at the loss');
    await net.call((el) => el.step(4, 'node'));
    await until('the update was the second step', async () => (await figure(net, 'step')) === '2');

    await net.hook('run').click();
    await until('XOR is learned', async () => (await net.report()).loss < 0.05, 60_000);
    await net.hook('run').click();
    await until('it pauses', async () => !(await net.report()).running);
    await gpt.call((el) => el.step(200));
    assert((await gpt.report()).loss < 0.3, `the block's loss is ${(await gpt.report()).loss}`);
    const rows = await gpt.hook('tensors').locator('tbody tr').count();
    assert(rows > 30, `the table shows ${rows} tensors`);
    assert(
      /\d/u.test(await gpt.hook('tensors').locator('[data-tensor="wte"] .grad').innerText()),
      'no gradient of wte',
    );
    equal(await page.evaluate(() => document.documentElement.lang), lang, 'the language');
    await done();
  });

  check(`${lang} graphs show the code that runs, and the same numbers from the same seed`, async (t) => {
    const { demo, done } = await visit(t.browser, t.origin, `/${lang}/graph/`);
    const [net, gpt] = await graphs(demo);
    for (const [one, file] of [
      [net, 'two-layer.ts'],
      [gpt, 'gpt-block.ts'],
    ])
      equal(
        (await one.hook('code').textContent()).trim(),
        readFileSync(`${root}web/src/graph-page/${file}`, 'utf8').trim(),
        file,
      );
    const after = async () => {
      await net.call((el) => el.reset());
      await net.call((el) => el.step(20));
      return (await net.report()).loss;
    };
    const first = await after();
    equal(await after(), first, 'the loss after 20 steps');
    await net.hook('seed').fill('2');
    await net.hook('seed').press('Enter');
    await net.hook('seed').blur();
    await until('a reset', async () => (await net.report()).step === 0);
    await net.call((el) => el.step(20));
    assert((await net.report()).loss !== first, 'another seed gives the same loss');
    await done();
  });

  check(`${lang} graphs are free of faults that axe finds, in both themes`, async (t) => {
    const { page, demo, done } = await visit(t.browser, t.origin, `/${lang}/graph/`, {
      colorScheme: 'light',
    });
    const [net] = await graphs(demo);
    await net.call((el) => el.step(6, 'node'));
    await accessible(page);
    await done();
  });

  check(`${lang} graphs fit a phone of 360 px`, async (t) => {
    const { page, demo, done } = await visit(t.browser, t.origin, `/${lang}/graph/`, {
      viewport: { width: 360, height: 740 },
    });
    await graphs(demo);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert(width <= 360, `the page is ${width} px wide`);
    await done();
  });
}

check('the references are reached from the site under a sub-path, in both themes', async (t) => {
  const site = await serve({ base: '/a/b/' });
  try {
    for (const [lang, colorScheme] of [
      ['en', 'light'],
      ['ja', 'dark'],
    ]) {
      const { page, done } = await visit(t.browser, site.origin, `/a/b/${lang}/graph/`, { colorScheme });
      await page.locator('nav a[href$="reference/"]').first().click();
      await until('the door', () => new URL(page.url()).pathname === `/a/b/${lang}/reference/`);
      const backgrounds = [];
      for (const name of ['js', 'cpp']) {
        await page.locator(`main a[href$="reference/${name}/"]`).click();
        await until(name, () => new URL(page.url()).pathname === `/a/b/reference/${name}/`);
        await page.waitForLoadState('load');
        backgrounds.push(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
        await page.goBack();
      }
      for (const background of backgrounds) {
        const [red] = /\d+/u.exec(background) ?? ['0'];
        assert(
          colorScheme === 'light' ? Number(red) > 200 : Number(red) < 80,
          `${colorScheme}: ${backgrounds}`,
        );
      }
      await done();
    }
  } finally {
    await site.close();
  }
});

check('the references name every op header and every call of a graph', async () => {
  const page = (file) => readFileSync(`${dist}/reference/${file}`, 'utf8');
  const files = page('cpp/files.html');
  for (const header of readdirSync(`${root}core/include/x2g/ops`)) {
    assert(files.includes(`>${header}<`), `${header} is not in the list of files`);
    // Another folder may have a header of that name: one of the pages is this one's.
    const links = [...files.matchAll(new RegExp(`href="([^"]+)"[^>]*>${header.replace('.', '\\.')}<`, 'gu'))];
    const text = readFileSync(`${root}core/include/x2g/ops/${header}`, 'utf8');
    const first = text.split('\n')[0].slice(3, 33).trim();
    const told = links.some(([, link]) =>
      page(`cpp/${link}`)
        .replace(/<[^>]*>|\s+/gu, ' ')
        .includes(first),
    );
    assert(told, `${header}: its head comment is missing`);
  }
  const run = page('js/interfaces/lab.GraphRun.html');
  for (const name of ['set', 'forward', 'backward', 'step', 'value', 'grad', 'forwardNode', 'dispose'])
    assert(run.includes(`id="${name.toLowerCase()}"`), `GraphRun.${name} is not described`);
  for (const name of ['x2g-ready', 'x2g-step', 'x2g-done', 'x2g-error'])
    assert(page('js/interfaces/elements_public.DemoEvents.html').includes(name), `${name} is not described`);
});

export default checks;
