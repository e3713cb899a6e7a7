// xor: whole steps of a 2-2-1 net on the four rows of XOR (tanh, a sigmoid with cross-entropy, plain gradient descent), many in one call
// as a lesson at full speed does. Steps a second. The peer's loss after some steps must be ours before its time counts.
import { memoryLimit } from '../lib/engines.mjs';
import { agree, contest } from '../lib/measure.mjs';
import { optimizer } from '../lib/recipes.mjs';

export const peers = ['plain'];
const CHECKED = 200;
const TOLERANCE = 1e-4;

const data = { x: Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1), t: Float32Array.of(0, 1, 1, 0) };
const fields = {
  sizes: Float64Array.of(2, 2, 1),
  hidden: 'tanh',
  output: 'sigmoid',
  loss: 'bce',
  init: 'normal',
  initA: 1,
  bias: true,
  batch: 4,
  ...data,
  optimizer: optimizer({ kind: 'sgd', lr: 0.5 }),
  seed: 1,
  shuffled: true,
};

async function challenger(env, name, module) {
  const { xor } = await env.peer(name);
  const peer = xor({ lr: fields.optimizer.lr, ...data });
  const run = new module.MlpRun(fields, memoryLimit);
  const weights = ['W1', 'b1', 'W2', 'b2'].map((key) => [
    key,
    Float32Array.from(run.tensor(key, false).data),
  ]);
  peer.set(Object.fromEntries(weights));
  run.work(CHECKED * run.unitsPerStep(), 1e15);
  for (let i = 0; i < CHECKED; i++) peer.step();
  const d = agree(`losses of step ${CHECKED}`, [peer.loss()], [run.numbers().loss], TOLERANCE);
  run.delete();
  env.say(`  ${peer.who}: loss of step ${CHECKED} agrees to ${d.toExponential(1)}`);
  peer.work = (count) => {
    for (let i = 0; i < count; i++) peer.step();
  };
  return peer;
}

export async function run(env) {
  const module = await env.start('x2g-small');
  const trained = new module.MlpRun(fields, memoryLimit);
  const units = trained.unitsPerStep();
  const own = [{ variant: 'simd128', work: (steps) => void trained.work(steps * units, 1e15) }];
  const others = [];
  if (env.peers)
    for (const name of peers)
      await env.attempt('xor', name, async () => others.push(await challenger(env, name, module)));
  const rows = await contest('2-2-1, four rows', own, others, {
    unit: 'steps/s',
    value: (seconds) => 1 / seconds,
    ...env.times,
  });
  trained.delete();
  return rows;
}
