// The same seed gives the same bits in Chromium as in Node: the runs of tests/golden/runs.json, made by the sessions of two demos.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { equal, visit } from './harness.mjs';

const runs = JSON.parse(await readFile(new URL('../golden/runs.json', import.meta.url), 'utf8'));

export default runs.map(({ name, config, steps, hash }) => [
  `${name} has the golden bits after ${steps} steps`,
  async (t) => {
    const slug = config.kind === 'gpt' ? 'tiny-gpt' : 'xor';
    const { demo, done } = await visit(t.browser, t.origin, `/embed/v1/${slug}/?lang=en`);
    const main = await demo(`x2g-${slug}`).fresh();
    const found = await main.call(
      (el, run) =>
        el.enqueue(async (session) => {
          const { tensors } = await session.create(run.config);
          const { loss } = await session.step(run.steps);
          const weights = [];
          for (const { name, role } of tensors)
            if (role === 'parameter') weights.push(Array.from((await session.tensor(name)).data));
          return { loss, weights };
        }),
      { config, steps },
    );
    const digest = createHash('sha256').update(Float64Array.of(found.loss));
    for (const weights of found.weights) digest.update(Float32Array.from(weights));
    equal(digest.digest('hex'), hash, 'the hash of loss and weights');
    await done();
  },
]);
