// gpt-train: whole steps of the laptop recipe, ours and the peers'. Every peer starts with our weights and gets our batches; its losses
// must be ours before its time counts. Milliseconds a step.
import { memoryLimit, variants } from '../lib/engines.mjs';
import { agree, contest } from '../lib/measure.mjs';
import { laptop } from '../lib/recipes.mjs';

export const peers = ['jax', 'tfjs-wasm'];
const CHECKED = 4; // steps
const TOLERANCE = 2e-4; // of the losses: about 4.2 falling; float32 sums in another order differ by some 1e-6

async function ours(env, engine) {
  const module = await env.start(engine);
  const run = new module.GptRun(laptop, memoryLimit);
  const units = run.unitsPerStep();
  return {
    run,
    vocab: run.info().vocab,
    work: (steps) => void run.work(steps * units, 1e15),
    delete: () => run.delete(),
  };
}

/** The first steps of a run of its own: weights before, and each step's batch and loss. */
export async function reference(env) {
  const { run, vocab, work, delete: end } = await ours(env, 'x2g-text');
  const weights = {};
  for (const { name, shape, role } of run.info().tensors)
    if (role === 'parameter')
      weights[name] = { shape, data: Float32Array.from(run.tensor(name, false).data) };
  const steps = [];
  for (let i = 0; i < CHECKED; i++) {
    work(1);
    const [ids, targets] = ['ids', 'targets'].map((name) => Int32Array.from(run.tensor(name, false).data));
    steps.push({ ids, targets, loss: run.numbers().loss });
  }
  end();
  return { weights, steps, vocab };
}

/** A peer that has shown the same losses; its work goes on with the batches in turn. */
async function challenger(env, name, { weights, steps, vocab }) {
  const { gpt } = await env.peer(name);
  const peer = await gpt({ ...laptop, vocab }, weights);
  const losses = [];
  for (const { ids, targets } of steps) losses.push(await peer.step(ids, targets));
  const d = agree(
    `losses of ${CHECKED} steps`,
    losses,
    steps.map(({ loss }) => loss),
    TOLERANCE,
  );
  env.say(`  ${peer.who}: losses of ${CHECKED} steps agree to ${d.toExponential(1)}`);
  let next = 0;
  peer.work = async (count) => {
    for (let i = 0; i < count; i++) {
      const { ids, targets } = steps[next++ % CHECKED];
      await peer.step(ids, targets);
    }
  };
  return peer;
}

export async function run(env) {
  const own = [];
  for (const [variant, engine] of variants) own.push({ variant, ...(await ours(env, engine)) });
  const others = [];
  if (env.peers) {
    const known = await reference(env);
    for (const name of peers)
      await env.attempt('gpt-train', name, async () => others.push(await challenger(env, name, known)));
  }
  const rows = await contest('laptop step', own, others, {
    unit: 'ms',
    value: (seconds) => seconds * 1000,
    ...env.times,
    ms: Math.max(env.times.ms, env.quick ? 0 : 400),
  });
  for (const c of [...own, ...others]) c.delete?.();
  return rows;
}
