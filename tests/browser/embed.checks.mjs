// Demos in other people's pages: a script tag from another origin, a strict content security policy, sandboxed frames, frames that
// tell their height, elements that come and go.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, equal, serve, slugs, until, visit } from './harness.mjs';

const checks = [];
const check = (name, run, limit) => checks.push([name, run, limit]);

/** Serves one page from an origin of its own, with headers of its own. */
async function host(body, headers = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'x2g-host-'));
  await writeFile(
    join(dir, 'index.html'),
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>host</title><link rel="icon" href="data:,"><body>${body}</body></html>`,
  );
  const site = await serve({ headers }, dir);
  const close = async () => {
    await site.close();
    await rm(dir, { recursive: true });
  };
  return { ...site, close };
}

/** The page of another origin, opened; the lab's own origin is the only other one that it may ask. */
async function foreign(t, body, work, headers) {
  const site = await host(body, headers);
  try {
    const seen = await visit(t.browser, site.origin, '/', { allow: [t.origin] });
    await work(seen);
    await seen.done();
  } finally {
    await site.close();
  }
}
const script = (t) => `<script type="module" src="${t.origin}/embed/v1/xor2gpt.js"></script>`;
const strict = (t) => ({
  'Content-Security-Policy': `default-src 'none'; script-src ${t.origin} 'wasm-unsafe-eval'; worker-src blob:; connect-src ${t.origin}; style-src 'self'; img-src data:`,
});

check('every demo trains in a page of another origin by its tag alone', async (t) => {
  const tags = slugs.map((slug) => `<x2g-${slug} seed="3">fallback</x2g-${slug}>`).join('\n');
  await foreign(t, script(t) + tags, async ({ demo }) => {
    for (const slug of slugs) {
      const el = await demo(`x2g-${slug}`).ready();
      await el.call((e) => e.pause());
      const before = (await el.report()).step;
      await el.call((e) => e.step(2));
      equal((await el.report()).step, before + 2, `steps of x2g-${slug}`);
      equal(await el.call((e) => e.seed), 3, `the seed attribute of x2g-${slug}`);
    }
  });
});

check('works under a strict content security policy, in a worker, without inline style', async (t) => {
  await foreign(
    t,
    `${script(t)}<x2g-xor></x2g-xor><x2g-tiny-gpt hide="panels"></x2g-tiny-gpt>`,
    async ({ page, demo }) => {
      const xor = await demo('x2g-xor').ready();
      await xor.call((el) => el.step(20));
      assert((await xor.report()).step >= 20, 'it does not step');
      await (await demo('x2g-tiny-gpt').ready()).call((el) => el.step(1));
      assert(page.workers().length >= 1, 'no worker runs');
    },
    strict(t),
  );
});

check('works in a sandboxed frame and the frame tells its height', async (t) => {
  const frame = `<iframe id="f" sandbox="allow-scripts" src="${t.origin}/embed/v1/xor/?lang=ja&id=a1" title="XOR" width="700" height="300"></iframe>`;
  await foreign(t, frame, async ({ page }) => {
    const heights = page.evaluate(
      () =>
        new Promise((resolve) => {
          addEventListener('message', (e) => {
            if (
              e.source === document.querySelector('#f').contentWindow &&
              e.data?.type === 'x2g-height' &&
              e.data.height > 320
            )
              resolve(e.data);
          });
        }),
    );
    const inner = await until('the frame', () =>
      page.frames().find((f) => f.url().includes('/embed/v1/xor/')),
    );
    await until('the demo inside', () => inner.evaluate(() => !!customElements.get('x2g-xor')));
    await inner.evaluate(async () => {
      const el = document.querySelector('x2g-xor');
      await el.ready;
      await el.step(10);
    });
    equal(await inner.evaluate(() => document.querySelector('x2g-xor').report.step >= 10), true, 'it steps');
    equal(
      await inner.evaluate(() => document.querySelector('x2g-xor').renderRoot.querySelector('.frame').lang),
      'ja',
      'language',
    );
    const { height, id } = await heights;
    assert(Number.isFinite(height) && height < 5000, `height ${height}`);
    equal(id, 'a1', 'id of the frame');
  });
});

check('the snippet of "Embed this" gives the same demo elsewhere', async (t) => {
  const { demo, done } = await visit(t.browser, t.origin, '/en/xor/');
  const xor = await demo('x2g-xor').ready();
  await xor.call((el) => el.pause());
  await xor.call((el) =>
    el.setState({ v: 1, slug: 'xor', seed: 21, options: { hidden: 3, act: 'sigmoid' } }),
  );
  await xor.openPanel('embed');
  const text = await until('the snippet', async () => {
    const now = await xor
      .hook('embed')
      .innerText()
      .catch(() => '');
    return now.includes('x2g-xor') && /21|state=/u.test(now) && now;
  });
  const wanted = await xor.call((el) => el.getState().options);
  await done();
  assert(text.includes(`${t.origin}/embed/v1/xor2gpt.js`), `the snippet does not name the script: ${text}`);
  await foreign(t, text, async ({ demo: other }) => {
    const el = await other('x2g-xor').ready();
    equal(await el.call((e) => e.getState().options), wanted, 'options');
    equal(await el.call((e) => e.seed), 21, 'seed');
  });
});

check('elements that come and go leave no worker behind', async (t) => {
  await foreign(t, `${script(t)}<div id="box"></div>`, async ({ page }) => {
    await page.evaluate(async () => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      for (let i = 0; i < 30; i += 1) {
        const el = document.createElement('x2g-xor');
        document.querySelector('#box').replaceChildren(el);
        await customElements.whenDefined('x2g-xor');
        if (i % 3 === 0) continue; // removed while it opens
        await el.ready;
        if (i % 3 === 1) void el.run().catch(() => undefined); // removed while it runs
      }
      document.querySelector('#box').replaceChildren();
    });
    await until('no worker', () => page.workers().length === 0, 30_000);
  });
});

check('moved within the page a demo goes on, removed in mid-step it is quiet', async (t) => {
  await foreign(
    t,
    `${script(t)}<div id="a"><x2g-xor></x2g-xor></div><div id="b"></div>`,
    async ({ page, demo }) => {
      const xor = await demo('x2g-xor').ready();
      await xor.call((el) => el.pause());
      await xor.call((el) => el.step(9));
      await page.evaluate(() => document.querySelector('#b').append(document.querySelector('x2g-xor')));
      assert((await xor.report()).step >= 9, 'the move lost the run');
      await page.evaluate(() => {
        const el = document.querySelector('x2g-xor');
        void el.step(100_000).catch(() => undefined);
        el.remove();
      });
      await until('no worker', () => page.workers().length === 0);
    },
  );
});

export default checks;
