// The course around the lessons: homes, search, language, theme, order, 404, any sub-path, offline.
import { accessible, assert, equal, langs, serve, until, visit } from './harness.mjs';

const checks = [];
const check = (name, run, limit) => checks.push([name, run, limit]);

for (const lang of langs) {
  check(`${lang} home shows the whole course and a live demo`, async (t) => {
    const { page, demo, done } = await visit(t.browser, t.origin, `/${lang}/`);
    const xor = await demo('x2g-xor').ready();
    await xor.call((el) => el.step(5));
    assert((await xor.report()).step >= 5, 'the demo on the home page does not step');
    const text = await page.locator('main').innerText();
    for (const word of lang === 'en' ? ['Perceptron', 'Tiny GPT'] : ['パーセプトロン', '小さなGPT'])
      assert(text.includes(word), `"${word}" is missing`);
    equal(
      await page
        .locator(`main a[href*="xor"]`)
        .count()
        .then((n) => n > 0),
      true,
      'a link to XOR',
    );
    await done();
  });

  check(`${lang} pages around the lessons are free of faults that axe finds`, async (t) => {
    for (const path of [`/${lang}/`, `/embed/v1/xor/?lang=${lang}`]) {
      const { page, demo, done } = await visit(t.browser, t.origin, path, { colorScheme: 'light' });
      await demo('x2g-xor').ready();
      await accessible(page);
      await done();
    }
  });

  check(`${lang} search finds a lesson`, async (t) => {
    const { page, done } = await visit(t.browser, t.origin, `/${lang}/xor/`);
    await page.keyboard.press('Control+k');
    const dialog = page.locator('dialog[open]');
    await dialog.locator('input').fill(lang === 'en' ? 'perceptron' : 'パーセプトロン');
    await until(
      'a result',
      async () =>
        (await dialog
          .locator(`a[href*="/${lang}/perceptron"], a[href*="../perceptron"], a[href*="perceptron"]`)
          .count()) > 0,
    );
    await done();
  });

  check(`${lang} home fits a phone of 360 px`, async (t) => {
    const { page, done } = await visit(t.browser, t.origin, `/${lang}/`, {
      viewport: { width: 360, height: 740 },
    });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert(width <= 360, `the page is ${width} px wide`);
    await done();
  });
}

check('the language switch keeps the place, previous and next follow the course', async (t) => {
  const { page, done } = await visit(t.browser, t.origin, '/en/xor/');
  await page
    .locator('header a[hreflang="ja"], header a[lang="ja"], header a:has-text("日本語")')
    .first()
    .click();
  await until('the Japanese page', () => new URL(page.url()).pathname === '/ja/xor/');
  await page.locator('a[rel="next"]').click();
  await until('lesson 3', () => new URL(page.url()).pathname === '/ja/universal-approximation/');
  await page.locator('a[rel="prev"]').click();
  await until('lesson 2', () => new URL(page.url()).pathname === '/ja/xor/');
  await done();
});

check('the first page leads to the language of the browser', async (t) => {
  for (const [locale, path] of [
    ['ja-JP', '/ja/'],
    ['fr-FR', '/en/'],
  ]) {
    const { page, done } = await visit(t.browser, t.origin, '/', { locale });
    await until(`${path} for ${locale}`, () => new URL(page.url()).pathname === path);
    await done();
  }
});

check('a wrong address gets a page that helps, with status 404', async (t) => {
  const { page, done } = await visit(t.browser, t.origin, '/en/xor/');
  const answer = await page.goto(`${t.origin}/ja/no-such-lesson/`);
  equal(answer.status(), 404, 'status');
  assert((await page.locator('a[href]').count()) > 1, 'no way on');
  await done().catch((error) => {
    if (!/404/u.test(error.message)) throw error; // the browser itself reports the status
  });
});

check('the built folder works under a sub-path', async (t) => {
  const site = await serve({ base: '/a/b/' });
  try {
    const { page, demo, done } = await visit(t.browser, site.origin, '/a/b/en/xor/', { offline: true });
    await (await demo('x2g-xor').ready()).call((el) => el.step(3));
    await page.locator('a[rel="next"]').click();
    await until(
      'lesson 3 under the sub-path',
      () => new URL(page.url()).pathname === '/a/b/en/universal-approximation/',
    );
    await demo('x2g-universal-approximation').ready();
    await done();
  } finally {
    await site.close();
  }
});

check('after the first visit the page works offline', async (t) => {
  const { page, ctx, demo, faults } = await visit(t.browser, t.origin, '/en/xor/', { offline: true });
  await demo('x2g-xor').ready();
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  await until(
    'the offline copy',
    () =>
      page.evaluate(async () => {
        const names = await caches.keys();
        const all = await Promise.all(
          names.map(async (n) => (await (await caches.open(n)).keys()).map((r) => r.url)),
        );
        return all.flat().some((url) => url.endsWith('.wasm')) && !!navigator.serviceWorker.controller;
      }),
    60_000,
  );
  await ctx.setOffline(true);
  await page.reload();
  const xor = await demo('x2g-xor').ready();
  await xor.call((el) => el.step(5));
  assert((await xor.report()).step >= 5, 'the demo does not step offline');
  const serious = faults.filter((f) => !/ERR_INTERNET_DISCONNECTED|Failed to load resource/u.test(f));
  equal(serious, [], 'the page complained');
});

check('the theme of the reader reaches the demo', async (t) => {
  const { page, demo, done } = await visit(t.browser, t.origin, '/en/xor/', { colorScheme: 'light' });
  const xor = await demo('x2g-xor').ready();
  const background = () =>
    xor.call((el) => getComputedStyle(el.renderRoot.querySelector('.frame')).backgroundColor);
  const light = await background();
  await page.evaluate(() => (document.documentElement.dataset.theme = 'dark'));
  await until('a dark frame', async () => (await background()) !== light);
  await done();
});

check('every control is reached by Tab, in order, with a visible focus', async (t) => {
  const { page, demo, done } = await visit(t.browser, t.origin, '/en/xor/');
  const xor = await demo('x2g-xor').ready();
  await xor.call((el) => el.pause());
  await xor.hook('run').focus();
  const seen = [];
  for (let i = 0; i < 25; i += 1) {
    await page.keyboard.press('Tab');
    const here = await page.evaluate(() => {
      let el = document.querySelector('x2g-xor').shadowRoot.activeElement;
      if (!el) return undefined;
      while (el.shadowRoot?.activeElement) el = el.shadowRoot.activeElement; // within a drawing
      const { outlineStyle, outlineWidth } = getComputedStyle(el);
      return {
        name: el.dataset.x2g ?? el.localName,
        outlined: outlineStyle !== 'none' && outlineWidth !== '0px',
      };
    });
    if (!here) break;
    seen.push(here);
  }
  const names = seen.map((s) => s.name);
  for (const name of ['step', 'reset', 'speed', 'seed'])
    assert(names.includes(name), `Tab does not reach ${name}: ${names}`);
  assert(
    names.indexOf('step') < names.indexOf('reset') && names.indexOf('reset') < names.indexOf('speed'),
    `order: ${names}`,
  );
  equal(
    seen.filter((s) => !s.outlined).map((s) => s.name),
    [],
    'controls without a visible focus',
  );
  await done();
});

export default checks;
