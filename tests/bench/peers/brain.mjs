// brain.js 1.6.1: its network of sigmoids. It knows no batches: weights change after every row, so it is compared with our engine at
// batch 1 for agreement, and in rows a second for speed. GPU.js is left out: it is another machine than one thread.
import { createRequire } from 'node:module';

const { NeuralNetwork } = createRequire(import.meta.url)('brain.js');

export function mlp({ sizes: [I, H, O], lr }, data) {
  const net = new NeuralNetwork({ hiddenLayers: [H], activation: 'sigmoid' });
  net.sizes = [I, H, O];
  net.initialize();
  net.trainOpts.learningRate = lr; // its options stop at 1
  net.trainOpts.momentum = 0;
  const rows = Array.from({ length: data.rows }, (_, r) => ({
    input: data.x.subarray(r * I, (r + 1) * I),
    output: data.t.subarray(r * O, (r + 1) * O),
  }));
  const put = (layer, W, b, width, outputs) => {
    for (let o = 0; o < outputs; o++) {
      net.weights[layer][o].set(W.subarray(o * width, (o + 1) * width));
      net.biases[layer][o] = b[o];
    }
  };
  return {
    who: 'brain.js',
    variant: 'f32',
    batch: 1,
    note: 'one row a step',
    set({ W1, b1, W2, b2 }) {
      put(1, W1, b1, I, H);
      put(2, W2, b2, H, O);
    },
    step(order) {
      for (const row of order) net.trainPattern(rows[row]);
    },
    outputs(x) {
      const out = [];
      for (let at = 0; at < x.length; at += I) out.push(...net.runInput(x.subarray(at, at + I)));
      return out;
    },
  };
}
