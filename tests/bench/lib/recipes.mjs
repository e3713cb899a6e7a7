// What is trained and on what, word for word the same for every contestant: the laptop recipe of a GPT, the digits' net, XOR.
// Data are made here from a fixed rule, so that no file travels; they are not meant to be learned well.

export const optimizer = (fields) => ({
  kind: 'sgd',
  lr: 0,
  momentum: 0,
  beta1: 0.9,
  beta2: 0.99,
  eps: 1e-8,
  weightDecay: 0,
  clip: 0,
  warmup: 0,
  total: 0,
  minLr: 0,
  schedule: 'warmup_cosine',
  clipValue: 0,
  alpha: 0.99,
  decayEvery: 0,
  gamma: 0.1,
  rise: 0.3,
  div: 25,
  finalDiv: 1e4,
  ...fields,
});

/** nanoGPT's recipe for a laptop (Karpathy 2022, README, "i only have a macbook"): 4 layers, 4 heads, 128 channels, context 64, batch 12. */
export const laptop = {
  layers: 4,
  heads: 4,
  channels: 128,
  context: 64,
  batch: 12,
  shares: 1,
  bias: false,
  geluErf: false,
  tokenizer: 'char',
  language: 'en',
  text: '',
  storyBytes: 300_000,
  storySeed: 1,
  validation: 0.1,
  optimizer: optimizer({ kind: 'adamw', lr: 1e-3, weightDecay: 0.1, clip: 1 }),
  seed: 1,
};

/** The digits' net of Nielsen's book (2015, chapter 1): 784-30-10, sigmoids, quadratic loss, batches of 10. */
export const digits = { sizes: [784, 30, 10], batch: 10, rows: 2000, lr: 3 };

/** Small whole numbers, always the same (an additive rule, no claim of randomness). */
export function sequence(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Images of which a fifth is ink, one class after another: x (rows, 784), t (rows, 10). */
export function digitRows({ sizes, rows } = digits) {
  const next = sequence(7);
  const [inputs, , outputs] = sizes;
  const x = new Float32Array(rows * inputs);
  for (let i = 0; i < x.length; i++) x[i] = next() < 0.2 ? Math.fround(next()) : 0;
  const t = new Float32Array(rows * outputs);
  for (let i = 0; i < rows; i++) t[i * outputs + (i % outputs)] = 1;
  return { x, t, rows };
}

/** Rows in a new order for each epoch, so many at a time. */
export function* shuffledBatches(rows, batch, seed = 11) {
  const next = sequence(seed);
  const order = Int32Array.from({ length: rows }, (_, i) => i);
  for (;;) {
    for (let i = rows - 1; i > 0; i--) {
      const j = Math.floor(next() * (i + 1));
      [order[i], order[j]] = [order[j], order[i]];
    }
    for (let at = 0; at + batch <= rows; at += batch) yield order.subarray(at, at + batch);
  }
}
