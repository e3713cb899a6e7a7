// decode: tokens a second of a GPT of 4 layers and 128 channels that reads its own words, greedy, with a cache, from one character to the
// full context of 128, through the call that a lesson makes for each token. The weights are untrained: they cost the same. A token reads each
// weight once, so a row's share of the peak is of the speed at which this machine reads as many bytes.
import { memoryLimit, variants } from '../lib/engines.mjs';
import { alone, contest } from '../lib/measure.mjs';
import { laptop } from '../lib/recipes.mjs';

export const peers = ['plain', 'jax'];
const CONTEXT = 128;
const config = { ...laptop, context: CONTEXT, batch: 1 };
const greedy = {
  prompt: 'T',
  temperature: 0,
  topK: 0,
  topP: 1,
  minP: 0,
  typical: 1,
  repetition: 1,
  presence: 0,
  frequency: 0,
  penaltyTokens: 0,
  keep: 0,
  seed: 1,
};

const decoder = new TextDecoder();

/** Text after text of CONTEXT − 1 tokens; a unit of work is a token. */
async function ours(env, engine) {
  const module = await env.start(engine);
  const run = new module.GptRun(config, memoryLimit);
  let left = 0;
  return {
    run,
    work(count) {
      for (let i = 0; i < count; i++) {
        if (left === 0) {
          run.begin(greedy);
          left = CONTEXT - 1;
        }
        run.next();
        left -= 1;
      }
    },
    text() {
      run.begin(greedy);
      left = 0;
      return Array.from({ length: CONTEXT - 1 }, () => decoder.decode(run.next())).join('');
    },
    delete: () => run.delete(),
  };
}

async function challenger(env, name, { run, text }) {
  const { decode } = await env.peer(name);
  const { tensors, vocab, vocabulary } = run.info();
  const weights = {};
  for (const { name: key, shape, role } of tensors)
    if (role === 'parameter') weights[key] = { shape, data: Float32Array.from(run.tensor(key, false).data) };
  const peer = await decode({ ...config, vocab }, weights);
  const first = vocabulary.indexOf(greedy.prompt);
  const expected = [...text()];
  // Greedy text of untrained weights turns on the last bit where two logits tie: most of it must be the same from the start.
  let token = first;
  let same = 0;
  await peer.begin();
  while (same < expected.length) {
    token = await peer.next(token);
    if (vocabulary[token] !== expected[same]) break;
    same += 1;
  }
  if (same < 32)
    throw new Error(`its text leaves ours after ${same} of ${expected.length} tokens: not the same work`);
  env.say(`  ${peer.who}: ${same} of ${expected.length} tokens are ours`);
  let left = 0;
  peer.work = async (count) => {
    for (let i = 0; i < count; i++) {
      if (left === 0) {
        await peer.begin();
        token = first;
        left = CONTEXT - 1;
      }
      token = peer.direct ? peer.next(token) : await peer.next(token);
      left -= 1;
    }
  };
  return peer;
}

/** Bytes of weights that a token reads: all but positions, of which it takes a row. The embedding is the last layer's matrix, too. */
function weightBytes({ run }) {
  const read = run.info().tensors.filter(({ name, role }) => role === 'parameter' && name !== 'wpe');
  return 4 * read.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b), 0);
}

/** Bytes a second that 128-bit loads and additions read, over and over, of an array of `bytes`: the best of some samples. */
async function readingSpeed(env, bytes) {
  const module = await env.bench('x2g-bench');
  const count = Math.round(bytes / 4 / 32) * 32; // it reads 32 numbers a round
  const array = module.buffer(count);
  module.view(array, count).fill(0.001); // pages never written are all one page
  const o = { ...env.times, ms: Math.max(2, env.times.ms / 8), take: (times) => Math.min(...times) };
  const seconds = await alone({ work: (n) => module.read(n, array, count) }, o);
  module.release(array);
  return (4 * count) / seconds;
}

export async function run(env) {
  const own = [];
  for (const [variant, engine] of variants) own.push({ variant, ...(await ours(env, engine)) });
  const others = [];
  if (env.peers)
    for (const name of peers)
      await env.attempt('decode', name, async () => others.push(await challenger(env, name, own[0])));
  const rows = await contest(`L4 C128, context ${CONTEXT}`, own, others, {
    unit: 'tokens/s',
    value: (seconds) => 1 / seconds,
    ...env.times,
  });
  const bytes = weightBytes(own[0]);
  // The module for it is the benchmarks' own: where that was not built, decoding stands by itself.
  await env.attempt('decode', 'reading the weights', async () => {
    const speed = await readingSpeed(env, bytes);
    for (const row of rows) if (row.who === 'xor2gpt') row.peak_percent = (100 * bytes * row.value) / speed;
    const name = `read: ${(bytes / 1e6).toFixed(1)} MB by 128-bit loads`;
    const own = { case: name, who: 'xor2gpt', threads: 1, variant: 'simd128' };
    rows.unshift({ ...own, value: speed / 1e9, unit: 'GB/s', peak_percent: 100 });
  });
  for (const c of own) c.delete();
  return rows;
}
