// ConvNetJS 0.3.0 (Karpathy 2014): the digits' net of its own layers, put together by hand because its net builder would add a third
// layer before the quadratic loss. Its trainer takes one row at a time and updates after `batch_size` of them.
import { createRequire } from 'node:module';

const convnet = createRequire(import.meta.url)('convnetjs');

const flat = (n) => ({ in_sx: 1, in_sy: 1, in_depth: n });

export function mlp({ sizes: [I, H, O], batch, lr }, data) {
  const first = new convnet.FullyConnLayer({ ...flat(I), num_neurons: H });
  const second = new convnet.FullyConnLayer({ ...flat(H), num_neurons: O });
  const net = new convnet.Net();
  net.layers = [
    new convnet.InputLayer({ out_sx: 1, out_sy: 1, out_depth: I }),
    first,
    new convnet.SigmoidLayer(flat(H)),
    second,
    new convnet.SigmoidLayer(flat(O)),
    new convnet.RegressionLayer(flat(O)),
  ];
  const trainer = new convnet.Trainer(net, {
    method: 'sgd',
    learning_rate: lr,
    momentum: 0,
    batch_size: batch,
    l2_decay: 0,
  });
  const vol = (x, at) => {
    const v = new convnet.Vol(1, 1, I, 0);
    v.w.set(x.subarray(at, at + I));
    return v;
  };
  // Its own kinds of arrays, made once.
  const inputs = Array.from({ length: data.rows }, (_, r) => vol(data.x, r * I));
  const targets = Array.from({ length: data.rows }, (_, r) =>
    Float64Array.from(data.t.subarray(r * O, (r + 1) * O)),
  );
  const put = (layer, W, b, width) => {
    layer.filters.forEach((filter, o) => filter.w.set(W.subarray(o * width, (o + 1) * width)));
    layer.biases.w.set(b);
  };
  return {
    who: 'convnetjs',
    variant: 'f64',
    set({ W1, b1, W2, b2 }) {
      put(first, W1, b1, I);
      put(second, W2, b2, H);
    },
    step(order) {
      for (const row of order) trainer.train(inputs[row], targets[row]);
    },
    outputs(x) {
      const out = [];
      for (let at = 0; at < x.length; at += I) out.push(...net.forward(vol(x, at)).w);
      return out;
    },
  };
}
