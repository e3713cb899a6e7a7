// The page about speed: it tells what the committed document holds, and measures the reader's own browser on request, in both languages.
import { readFileSync } from 'node:fs';
import { accessible, assert, equal, langs, root, until, visit } from './harness.mjs';

const checks = [];
const check = (name, run, limit) => checks.push([name, run, limit]);
const results = JSON.parse(readFileSync(`${root}web/src/speed-page/results.json`, 'utf8'));
const text = (page) => page.locator('main').innerText();

for (const lang of langs) {
  check(`${lang} speed: measures on request and stops at once`, async (t) => {
    const { page, done } = await visit(t.browser, t.origin, `/${lang}/`);
    await page.locator(`footer a[href$="speed/"]`).click();
    const speed = page.locator('x2g-speed');
    const hook = (name) => speed.locator(`[data-x2g="${name}"]`);
    await until('the button is there', () => hook('start').isEnabled());
    assert(await hook('stop').isDisabled(), 'there is something to stop before anything runs');
    const shown = await text(page);
    for (const word of [results.machine, results.date, results.commit])
      assert(shown.includes(word), `"${word}" is not on the page`);
    equal(
      (await page.locator('main table').first().locator('tbody tr').count()) >= results.goals.length,
      true,
      'every goal has a row',
    );

    await hook('start').click();
    const first = speed.locator('[data-trial="xor"] [data-x2g="out"]');
    await until('XOR has a figure', async () => /\d/u.test(await first.innerText()), 60_000);
    const steps = await speed.evaluate((el) => el.outcomes.get('xor').value);
    assert(steps > 1000, `${steps} steps a second`);
    await hook('stop').click();
    await until('it stopped', () => hook('start').isEnabled());
    assert((await speed.evaluate((el) => el.outcomes.size)) < 4, 'it went on to the end');
    await done();
  });

  check(`${lang} speed: no faults that axe finds, and it fits 360 px`, async (t) => {
    const { page, done } = await visit(t.browser, t.origin, `/${lang}/speed/`, {
      colorScheme: 'light',
      viewport: { width: 360, height: 740 },
    });
    await until('the button is there', () => page.locator('x2g-speed [data-x2g="start"]').isEnabled());
    await accessible(page);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert(width <= 360, `the page is ${width} px wide`);
    await done();
  });
}

export default checks;
