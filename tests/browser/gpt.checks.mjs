// The main job: somebody trains a GPT on their own text in the tab, keeps it, and goes on later. And what the engine does when it dies.
import { readFile } from 'node:fs/promises';
import { assert, equal, until, visit } from './harness.mjs';

const checks = [];
const check = (name, run, limit) => checks.push([name, run, limit]);
/** A text with 5 characters that a small model learns at once. */
const rhyme = 'abcd '.repeat(2000);

async function open(t, options) {
  const seen = await visit(t.browser, t.origin, '/en/tiny-gpt/', options);
  const gpt = await seen.demo('x2g-tiny-gpt').ready();
  await gpt.call((el) => el.pause());
  return { ...seen, gpt };
}
async function use_text(gpt, text) {
  await gpt.hook('opt-source').selectOption('own');
  await gpt.hook('own-text').fill(text);
  await gpt.hook('use-text').click();
  await until('a run on the text', () =>
    gpt.call(
      (el, n) =>
        el.getState().options.source === 'own' && el.report?.step === 0 && el.report.loss < Math.log(n) + 0.4,
      8,
    ),
  );
}

check('pasted text is learned: the loss starts near ln V and falls far below', async (t) => {
  const { gpt, done } = await open(t);
  await gpt.hook('opt-preset').selectOption('tiny');
  await use_text(gpt, rhyme);
  const { loss } = await gpt.report();
  assert(Math.abs(loss - Math.log(5)) < 0.2, `the loss starts at ${loss}, ln 5 is 1.609`);
  await gpt.hook('run').click();
  await gpt.stepped(60, 60_000);
  await gpt.call((el) => el.pause());
  const after = (await gpt.report()).loss;
  assert(after < 0.5, `after 60 steps the loss is ${after}`);
  await done();
});

check(
  'two workers train together: the loss falls, it stops at once, and a link keeps the number',
  async (t) => {
    const { page, gpt, done } = await open(t);
    await gpt.hook('opt-preset').selectOption('tiny');
    await use_text(gpt, rhyme);
    const first = (await gpt.report()).loss;
    await gpt.call((el) =>
      el.setState({ ...el.getState(), options: { ...el.getState().options, workers: 2 } }),
    );
    await until('a run of two workers', async () => page.workers().length === 2);
    await until('its beginning', () => gpt.call((el) => el.report?.step === 0 && el.info !== undefined));
    const { loss } = await gpt.report();
    assert(Math.abs(loss / first - 1) < 1e-5, `two workers start at ${loss}, one at ${first}`);
    await gpt.call((el) => void el.run());
    await gpt.stepped(40, 60_000);
    const took = await gpt.call(async (el) => {
      const begin = performance.now();
      await el.pause();
      return performance.now() - begin;
    });
    const { step, loss: after } = await gpt.report();
    assert(after < 0.6, `after ${step} steps the loss is ${after}`);
    assert(took < 250, `it stopped after ${took} ms`);
    await gpt.call((el) => el.step(1));
    equal((await gpt.report()).step, step + 1, 'one more step');
    equal(await gpt.call((el) => el.getState().options.workers), 2, 'workers in the state');
    await gpt.call((el) => el.setState({ ...el.getState(), options: { preset: 'tiny', workers: 1 } }));
    await until('one worker again', async () => page.workers().length === 1);
    await done();
  },
);

check('the model is exported as the files of Hugging Face transformers', async (t) => {
  const { page, gpt, done } = await open(t);
  await gpt.hook('opt-preset').selectOption('tiny');
  await until('the tiny model', () =>
    gpt.call((el) => el.getState().options.preset === 'tiny' && el.report?.step === 0),
  );
  await gpt.call((el) => el.step(5));
  await gpt.hook('hf-export').click();
  await until('the panel with the files', () => gpt.hook('hf-panel').isVisible(), 60_000);
  const saved = async (name) => {
    const [file] = await Promise.all([page.waitForEvent('download'), gpt.hook(`hf-${name}`).click()]);
    equal(file.suggestedFilename(), name, 'the name of a file');
    return readFile(await file.path());
  };
  const config = JSON.parse((await saved('config.json')).toString());
  equal([config.model_type, config.n_layer, config.n_embd], ['gpt2', 1, 64], 'the config');
  const { model } = JSON.parse((await saved('tokenizer.json')).toString());
  equal(Object.keys(model.vocab).length, config.vocab_size, 'tokens');
  await saved('tokenizer_config.json');
  const exported = await saved('model.safetensors');
  await gpt.openPanel('embed');
  const [file] = await Promise.all([page.waitForEvent('download'), gpt.hook('save-weights').click()]);
  assert(exported.equals(await readFile(await file.path())), 'the weights differ from those that are saved');
  await done();
});

check('weights are saved as safetensors and loaded in a fresh page', async (t) => {
  const { page, gpt, done } = await open(t);
  await gpt.hook('opt-preset').selectOption('tiny');
  await until('the tiny model', () =>
    gpt.call((el) => el.getState().options.preset === 'tiny' && el.report?.step === 0),
  );
  await gpt.call((el) => el.step(25));
  await gpt.openPanel('embed');
  const [file] = await Promise.all([page.waitForEvent('download'), gpt.hook('save-weights').click()]);
  const path = await file.path();
  const bytes = await readFile(path);
  const header = JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE(0))).toString());
  assert('transformer.h.0.attn.c_attn.weight' in header, 'names are not those of GPT-2');
  const trained = await gpt.call((el) => el.step(1).then(() => el.report.loss));
  await done();

  const again = await open(t);
  await again.gpt.hook('opt-preset').selectOption('tiny');
  await until('the tiny model', () =>
    again.gpt.call((el) => el.getState().options.preset === 'tiny' && el.report?.step === 0),
  );
  const fresh = (await again.gpt.report()).loss;
  await again.gpt
    .hook('file')
    .setInputFiles({ name: 'model.safetensors', mimeType: 'application/octet-stream', buffer: bytes });
  await until('the loaded weights', async () => (await again.gpt.call((el) => el.report.loss)) < fresh - 0.3);
  const loss = (await again.gpt.report()).loss;
  assert(Math.abs(loss - trained) < 0.6, `loaded: ${loss}, trained: ${trained}`);
  await again.done();
});

check('a broken file is refused in words and the run stays', async (t) => {
  const { gpt, done } = await open(t);
  const before = await gpt.report();
  for (const [name, buffer] of [
    ['broken.safetensors', Buffer.from('not a model')],
    ['picture.txt', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0xff])],
  ]) {
    await gpt.hook('file').setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
    await until(`a message about ${name}`, () => gpt.hook('notice').isVisible());
    assert((await gpt.hook('notice').innerText()).length > 30, 'the message says nothing');
  }
  equal((await gpt.report()).loss, before.loss, 'the loss');
  await done();
});

check('after a reload the run is offered again and goes on where it stood', async (t) => {
  const { page, gpt, done } = await open(t);
  await gpt.hook('opt-preset').selectOption('tiny');
  await until('the tiny model', () =>
    gpt.call((el) => el.getState().options.preset === 'tiny' && el.report?.step === 0),
  );
  await gpt.hook('run').click();
  await until(
    'a saved run',
    () =>
      page.evaluate(
        () =>
          new Promise((resolve) => {
            const ask = (all) => {
              if (!all.some(({ name }) => name === 'xor2gpt')) return resolve(false); // asking for it would make an empty one
              const asked = indexedDB.open('xor2gpt');
              asked.onerror = () => resolve(false);
              asked.onsuccess = () => look(asked.result);
            };
            const look = (db) => {
              const got = db.transaction('runs').objectStore('runs').get('tiny-gpt/current');
              got.onsuccess = () => (db.close(), resolve(got.result !== undefined));
              got.onerror = () => (db.close(), resolve(false));
            };
            indexedDB.databases().then(ask, () => resolve(false));
          }),
      ),
    60_000,
  );
  await gpt.call((el) => el.pause());
  await page.reload();
  await gpt.ready();
  await gpt.hook('resume').click();
  const back = await until(
    'the resumed run',
    async () => {
      const r = await gpt.report();
      return r.step > 0 && r;
    },
    40_000,
  );
  assert(back.loss < 4, `the loss is ${back.loss}`);
  await gpt.call((el) => el.step(1));
  equal((await gpt.report()).step, back.step + 1, 'the next step');
  await done();
});

check('a model too large for the tab is refused with the figure before anything is built', async (t) => {
  const { gpt, done } = await open(t);
  const message = await gpt.call((el) => {
    el.setState({
      v: 1,
      slug: 'tiny-gpt',
      options: { preset: 'custom', layers: 12, heads: 16, channels: 512, context: 512, batch: 64 },
    });
    return new Promise((resolve) =>
      el.addEventListener('x2g-error', (e) => resolve(e.detail.error.message), { once: true }),
    );
  });
  assert(/\d+ MB/u.test(message), `the message names no figure: ${message}`);
  await until('the message on the page', () => gpt.hook('failure').isVisible());
  await done();
});

check('a worker that is killed is replaced from the last snapshot and the run goes on', async (t) => {
  // The page keeps a handle on its workers, as a test hook: the lab itself has none.
  const init = () => {
    const Real = window.Worker;
    window.workers = [];
    window.Worker = class extends Real {
      constructor(...args) {
        super(...args);
        window.workers.push(this);
      }
    };
  };
  const { page, demo, ctx } = await visit(t.browser, t.origin, '/en/xor/', { init });
  const xor = await demo('x2g-xor').ready();
  await xor.call((el) => el.pause());
  await xor.call((el) => el.reset());
  await xor.call((el) => {
    el.run();
  });
  await xor.stepped(20);
  await page.evaluate(() => window.workers.forEach((w) => w.terminate()));
  const before = (await xor.report()).step;
  await until(
    'a new worker that trains',
    async () => (await page.evaluate(() => window.workers.length)) > 1 && (await xor.report()).running,
    30_000,
  );
  await until(
    'steps after the death',
    async () => {
      const { step, status } = await xor.report();
      return status === 'done' || step > before;
    },
    30_000,
  );
  await ctx.close();
});

check('a demo out of sight sleeps, and goes on when it is seen', async (t) => {
  const { page, demo, done } = await visit(t.browser, t.origin, '/en/perceptron/');
  const one = await demo('x2g-perceptron').ready();
  await one.call((el) => el.setState({ v: 1, slug: 'perceptron', options: { data: 'xor' } }));
  await one.ready();
  await one.call((el) => el.run());
  await one.stepped(2);
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await page.waitForTimeout(1500);
  const asleep = (await one.report()).step;
  await page.waitForTimeout(1500);
  equal((await one.report()).step, asleep, 'steps out of sight');
  await one.at.scrollIntoViewIfNeeded();
  await until('it goes on', async () => (await one.report()).step > asleep);
  await done();
});

check('the page stays usable while a GPT trains (long tasks are reported, not judged)', async (t) => {
  const { page, gpt, done } = await open(t);
  await page.evaluate(() => {
    window.long = [];
    new PerformanceObserver((list) =>
      window.long.push(...list.getEntries().map((e) => Math.round(e.duration))),
    ).observe({ type: 'longtask' });
  });
  await gpt.hook('run').click();
  await gpt.stepped(15, 90_000);
  await gpt.call((el) => el.pause());
  console.log(
    `      long tasks while training, ms: ${JSON.stringify(await page.evaluate(() => window.long))}`,
  );
  await done();
});

export default checks;
