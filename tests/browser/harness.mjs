// What the browser checks stand on: the built site on a port of its own, Debian's Chromium with a fresh profile, a page that
// remembers everything that should not have happened, and a few words for what a reader does. No check stands here.
import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { createStaticServer } from '../../web/tools/serve.mjs';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const dist = `${root}dist`;
export const shots = `${root}build/browser`;
/** Every lesson: those that have a folder. */
export const slugs = (await readdir(`${root}lessons`))
  .filter((folder) => /^\d\d-/u.test(folder))
  .sort()
  .map((folder) => folder.slice(3));
export const langs = ['en', 'ja'];
/** This machine may be busy: limits that a promise states are taken times this. */
export const SLACK = 4;

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
];

/** Serves a folder (dist by default); returns its origin and a way to end it. */
export async function serve(options = {}, dir = dist) {
  const server = await createStaticServer(dir, options);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  const close = () =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(resolve);
    });
  return { origin, close };
}

/** As `./lab` chooses it (cmake/lab/setup.sh). */
export const executablePath =
  process.env.CHROMIUM ||
  ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find(existsSync) ||
  '/usr/bin/chromium';

export async function launch() {
  await mkdir(shots, { recursive: true });
  return chromium.launch({ executablePath, args: flags });
}

export function assert(condition, message) {
  if (!condition) throw new Error(message);
}
export function equal(found, wanted, what) {
  const [a, b] = [found, wanted].map((v) => JSON.stringify(v));
  assert(a === b, `${what}: found ${a}, expected ${b}`);
}

/** Waits until `test` gives something true; says what was waited for when it does not. */
export async function until(what, test, ms = 20_000) {
  const end = Date.now() + ms;
  for (;;) {
    const found = await test();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${ms / 1000} s in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The offline worker would fetch the whole site anew in each of a hundred fresh profiles. */
const no_offline_worker = () => delete globalThis.Navigator.prototype.serviceWorker;

/** A context that fails the check when a page complains or asks another origin; with `offline` the page may keep itself for later. */
export async function visit(
  browser,
  origin,
  path,
  { allow = [], quiet = true, offline = false, init, ...context } = {},
) {
  const ctx = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...context });
  const faults = [];
  const watch = (page) => {
    page.on('console', (m) => {
      if (['error', 'warning'].includes(m.type())) faults.push(`console ${m.type()}: ${m.text()}`);
    });
    page.on('pageerror', (e) => faults.push(`uncaught: ${e.message}`));
    page.on('request', (r) => {
      const url = new URL(r.url());
      if (!['blob:', 'data:'].includes(url.protocol) && ![origin, ...allow].includes(url.origin))
        faults.push(`request to another origin: ${r.url()}`);
    });
  };
  ctx.on('page', watch);
  if (!offline) await ctx.addInitScript(no_offline_worker);
  if (init) await ctx.addInitScript(init);
  const page = await ctx.newPage();
  await page.goto(`${origin}${path}`, { waitUntil: 'load' });
  const demo = (tag, index = 0) => new Demo(page, tag, index);
  const done = async () => {
    if (quiet) equal(faults, [], 'the page complained');
    await ctx.close();
  };
  return { page, ctx, demo, faults, done };
}

/** axe finds nothing on the page, or within a selector: in the light theme by all its rules; in the dark one, where only colors differ, by those about contrast. */
export async function accessible(page, within = undefined) {
  const { AxeBuilder } = await import('@axe-core/playwright');
  for (const [colorScheme, rules] of [
    ['light', {}],
    ['dark', { runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } }],
  ]) {
    await page.emulateMedia({ colorScheme });
    await page.waitForTimeout(400); // transitions of colors
    // Legacy mode sums up in this page instead of one opened for it. What it leaves out, frames of other origins, no page of ours has.
    const axe = new AxeBuilder({ page })
      .setLegacyMode(true)
      .options({ resultTypes: ['violations'], ...rules });
    const { violations } = await (within ? axe.include(within) : axe).analyze();
    equal(
      violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3)}`),
      [],
      `axe, ${colorScheme}`,
    );
  }
}

/** One demo on a page, seen from outside (its API) and from inside (its buttons). */
export class Demo {
  constructor(page, tag, index = 0) {
    this.page = page;
    this.tag = tag;
    this.at = page.locator(tag).nth(index);
  }
  hook(name) {
    return this.at.locator(`[data-x2g="${name}"]`);
  }
  /** Runs f(element, arg) in the page. */
  call(f, arg) {
    return this.at.evaluate(f, arg);
  }
  async ready() {
    await until(`${this.tag} is defined`, () =>
      this.page.evaluate((tag) => !!customElements.get(tag), this.tag),
    );
    await this.call((el) => el.ready);
    // The page's own: Playwright's waits until nothing moves, which a demo that trains on a busy machine may not reach.
    await this.call((el) => el.scrollIntoViewIfNeeded());
    return this;
  }
  /** Stops whatever ran by itself and starts from the seed. */
  async fresh() {
    await this.ready();
    await this.call((el) => el.pause());
    await this.call((el) => el.reset());
    return this;
  }
  report() {
    return this.call((el) => {
      const { step, loss, status, valLoss, problem } = el.report ?? {};
      return { step, loss, status, valLoss, problem, running: el.running };
    });
  }
  async stepped(least, ms) {
    return until(
      `step ${least} of ${this.tag}`,
      async () => {
        const r = await this.report();
        return r.step >= least && r;
      },
      ms,
    );
  }
  async openPanel(name) {
    const panel = this.hook(`panel-${name}`);
    if (!(await panel.evaluate((d) => d.open))) await panel.locator('summary').first().click();
    return panel;
  }
  /** The link to its present state, from the button that shares it. */
  async link() {
    await this.hook('share').click();
    return until('the link', () =>
      this.hook('share-link')
        .inputValue()
        .catch(() => ''),
    );
  }
  /** Gives each answer to an exercise of the open panel "check" and compares the verdict: [[answer, right?], …]. */
  async answers(id, tries) {
    const form = this.hook(`check-${id}`);
    const verdict = form.locator('.verdict');
    const submit = form.locator('button[type=submit]');
    for (const [answer, ok] of tries) {
      await form.locator('input').first().fill(answer);
      await submit.click();
      await until(
        `the verdict on ${answer}: ${ok ? 'right' : 'wrong'}`,
        async () =>
          (await verdict.evaluate((el) => el.hasAttribute('data-ok'))) === ok &&
          (await verdict.innerText()) !== '' &&
          (await submit.isEnabled()),
        60_000,
      );
    }
  }
  key(key) {
    return this.at.locator('.frame').press(key);
  }
}
