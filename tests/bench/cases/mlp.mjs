// mlp: samples a second of the digits' net, the feeding of shuffled batches included. Every peer starts with our weights and sees our rows;
// its outputs after some steps must be ours before its time counts.
import { memoryLimit } from '../lib/engines.mjs';
import { agree, contest } from '../lib/measure.mjs';
import { digitRows, digits, optimizer, shuffledBatches } from '../lib/recipes.mjs';

export const peers = ['plain', 'tfjs-wasm', 'tfjs-cpu', 'jax', 'convnetjs', 'brain'];
const CHECKED = 10; // steps
const TOLERANCE = 1e-4; // of outputs, relative to at least 0.1
const FLOOR = 0.1;

function fields(data, batch = digits.batch) {
  return {
    sizes: Float64Array.from(digits.sizes),
    hidden: 'sigmoid',
    output: 'sigmoid',
    loss: 'half_mse', // the mean over batch and outputs: ten times smaller gradients than a sum over outputs
    init: 'normal',
    initA: 0.1,
    bias: true,
    batch,
    x: data.x,
    t: data.t,
    optimizer: optimizer({ kind: 'sgd', lr: digits.lr * digits.sizes[2] }),
    seed: 1,
    shuffled: true,
  };
}

/** Which row of the data each row of a batch is. */
function rowsOf(batch, data, width) {
  const found = [];
  for (let at = 0; at < batch.length; at += width) {
    let row = 0;
    const same = () => {
      for (let i = 0; i < width; i++) if (data[row * width + i] !== batch[at + i]) return false;
      return true;
    };
    while (!same()) row++;
    found.push(row);
  }
  return Int32Array.from(found);
}

const names = ['W1', 'b1', 'W2', 'b2'];
const read = (run, name) => Float32Array.from(run.tensor(name, false).data);

/** Some steps of a run of its own, with batches of `batch`: weights before, rows of each step, outputs for the first rows after. */
function reference(module, data, batch) {
  const run = new module.MlpRun(fields(data, batch), memoryLimit);
  const weights = Object.fromEntries(names.map((name) => [name, read(run, name)]));
  const orders = [];
  for (let i = 0; i < CHECKED; i++) {
    run.work(run.unitsPerStep(), 1e15);
    orders.push(rowsOf(read(run, 'x'), data.x, digits.sizes[0]));
  }
  const probe = data.x.slice(0, digits.batch * digits.sizes[0]);
  const outputs = Float32Array.from(run.rows(probe, ['y']).y.data);
  run.delete();
  return { weights, orders, probe, outputs };
}

async function challenger(env, name, module, data) {
  const { mlp } = await env.peer(name);
  const peer = await mlp(digits, data);
  const batch = peer.batch ?? digits.batch; // one that knows no batches trains row by row
  const known = reference(module, data, batch);
  peer.set(known.weights);
  for (const order of known.orders) await peer.step(order);
  const found = await peer.outputs(known.probe);
  const d = agree(`outputs after ${CHECKED} steps`, found, known.outputs, TOLERANCE, FLOOR);
  env.say(`  ${peer.who} ${peer.variant}: outputs after ${CHECKED} steps agree to ${d.toExponential(1)}`);
  const batches = shuffledBatches(data.rows, batch);
  // A unit of work is a batch of ten for everyone.
  peer.work = async (count) => {
    for (let i = 0; i < (count * digits.batch) / batch; i++) await peer.step(batches.next().value);
    await peer.finish?.();
  };
  return peer;
}

export async function run(env) {
  const module = await env.start('x2g-small');
  const data = digitRows();
  const trained = new module.MlpRun(fields(data), memoryLimit);
  const units = trained.unitsPerStep();
  const own = [{ variant: 'simd128', work: (steps) => void trained.work(steps * units, 1e15) }];
  const others = [];
  if (env.peers)
    for (const name of peers)
      await env.attempt('mlp', name, async () => others.push(await challenger(env, name, module, data)));
  const rows = await contest('784-30-10, batch 10', own, others, {
    unit: 'samples/s',
    value: (seconds) => digits.batch / seconds,
    ...env.times,
  });
  trained.delete();
  for (const c of others) c.delete?.();
  return rows;
}
