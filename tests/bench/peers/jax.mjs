// jax-js on its wasm device: the digits' net and bare products. A step is one jitted function, gradients and update included.
import { jit, nn, numpy as np, valueAndGrad } from '@jax-js/jax';
import { array, start, variant, who } from './jax-start.mjs';

export { decode, gpt } from './jax-gpt.mjs';

export async function mlp({ sizes: [I, H, O], batch, lr }, data) {
  await start();
  const lossOf = ({ W1, b1, W2, b2 }, x, t) => {
    const h = nn.sigmoid(np.matmul(x, W1.transpose()).add(b1));
    const y = nn.sigmoid(np.matmul(h, W2.transpose()).add(b2));
    return np
      .square(y.sub(t))
      .sum()
      .mul(0.5 / batch);
  };
  const learn = jit((weights, x, t) => {
    const [loss, grads] = valueAndGrad(lossOf)(
      Object.fromEntries(Object.entries(weights).map(([k, w]) => [k, w.ref])),
      x,
      t,
    );
    loss.dispose();
    return Object.fromEntries(Object.entries(weights).map(([k, w]) => [k, w.sub(grads[k].mul(lr))]));
  });
  const forward = jit(({ W1, b1, W2, b2 }, x) => {
    const h = nn.sigmoid(np.matmul(x, W1.transpose()).add(b1));
    return nn.sigmoid(np.matmul(h, W2.transpose()).add(b2));
  });
  const x = new Float32Array(batch * I);
  const t = new Float32Array(batch * O);
  let weights;
  const kept = () => Object.fromEntries(Object.entries(weights).map(([k, w]) => [k, w.ref]));
  return {
    who,
    variant,
    set({ W1, b1, W2, b2 }) {
      weights = { W1: array(W1, [H, I]), b1: np.array(b1), W2: array(W2, [O, H]), b2: np.array(b2) };
    },
    step(order) {
      order.forEach((row, r) => {
        x.set(data.x.subarray(row * I, (row + 1) * I), r * I);
        t.set(data.t.subarray(row * O, (row + 1) * O), r * O);
      });
      weights = learn(weights, array(x.slice(), [batch, I]), array(t.slice(), [batch, O]));
    },
    outputs: (probe) => forward(kept(), array(probe.slice(), [probe.length / I, I])).data(),
    finish: () => void weights.b2.ref.dataSync(),
  };
}

/** C = op(A) op(B), jitted; transposes are views to it. */
export async function gemm({ M, N, K, ta, tb, count }, A, B) {
  await start();
  const shape = (rows, columns) => (count > 1 ? [count, rows, columns] : [rows, columns]);
  const a = array(A, ta ? shape(K, M) : shape(M, K));
  const b = array(B, tb ? shape(N, K) : shape(K, N));
  const compute = jit((p, q) => np.matmul(ta ? np.matrixTranspose(p) : p, tb ? np.matrixTranspose(q) : q));
  return {
    who,
    variant,
    // What nobody reads is never computed.
    step: () => void compute(a.ref, b.ref).dataSync(),
    result: () => compute(a.ref, b.ref).dataSync(),
  };
}
