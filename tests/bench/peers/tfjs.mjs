// TensorFlow.js 4.22.0 on its wasm or cpu backend. Its matrix product is fast only when nothing is transposed, so transposes are made
// explicit, here and in the gradients. It has no AdamW and no clipping: both are written in its ops.
import * as tf from '@tensorflow/tfjs-core';

/** Both backends live in one library, which works on one at a time. */
export async function use(backend) {
  if (tf.getBackend() !== backend) {
    if (!(await tf.setBackend(backend))) throw new Error(`its ${backend} backend does not start here`);
    await tf.ready();
  }
}

const turned = (m) => tf.transpose(m);
/** x (N, I) W (I, O), with gradients as two plain products. */
export const product = tf.customGrad((x, W, save) => {
  save([x, W]);
  return {
    value: tf.matMul(x, W),
    gradFunc: (dy, [sx, sW]) => [tf.matMul(dy, turned(sW)), tf.matMul(turned(sx), dy)],
  };
});

export async function mlp(backend, { sizes: [I, H, O], batch, lr }, data) {
  await use(backend);
  let weights;
  const rate = tf.scalar(lr / batch);
  const one = tf.scalar(1);
  const x = new Float32Array(batch * I);
  const t = new Float32Array(batch * O);
  const forward = (input) => {
    const h = tf.sigmoid(tf.add(tf.matMul(input, weights.W1), weights.b1));
    return [h, tf.sigmoid(tf.add(tf.matMul(h, weights.W2), weights.b2))];
  };
  const replace = (next) => {
    if (weights) tf.dispose(weights);
    weights = next;
  };
  return {
    who: `tfjs-${backend}`,
    variant: backend === 'wasm' ? 'simd128' : 'f32',
    set({ W1, b1, W2, b2 }) {
      // Ours are (O, I); here (I, O).
      const both = (W, out, inp) => tf.tidy(() => tf.transpose(tf.tensor2d(W, [out, inp])));
      replace({ W1: both(W1, H, I), b1: tf.tensor1d(b1), W2: both(W2, O, H), b2: tf.tensor1d(b2) });
    },
    async step(order) {
      await use(backend);
      order.forEach((row, r) => {
        x.set(data.x.subarray(row * I, (row + 1) * I), r * I);
        t.set(data.t.subarray(row * O, (row + 1) * O), r * O);
      });
      // By hand: fewer ops than its automatic gradients.
      replace(
        tf.tidy(() => {
          const [input, target] = [tf.tensor2d(x, [batch, I]), tf.tensor2d(t, [batch, O])];
          const [h, y] = forward(input);
          const slope = (v) => tf.mul(v, tf.sub(one, v));
          const d2 = tf.mul(tf.mul(tf.sub(y, target), slope(y)), rate);
          const d1 = tf.mul(tf.matMul(d2, turned(weights.W2)), slope(h));
          return {
            W1: tf.sub(weights.W1, tf.matMul(turned(input), d1)),
            b1: tf.sub(weights.b1, tf.sum(d1, 0)),
            W2: tf.sub(weights.W2, tf.matMul(turned(h), d2)),
            b2: tf.sub(weights.b2, tf.sum(d2, 0)),
          };
        }),
      );
    },
    async outputs(probe) {
      await use(backend);
      return tf.tidy(() => forward(tf.tensor2d(probe, [probe.length / I, I]))[1].dataSync());
    },
    // Its cpu and wasm backends compute at once; reading a number makes sure of it.
    finish: () => void weights.b2.dataSync(),
    delete: () => tf.dispose([weights, rate, one]),
  };
}

/** C = op(A) op(B); the operands stay in its memory, a transposed one is turned each time as training would. */
export async function gemm(backend, { M, N, K, ta, tb, count }, A, B) {
  await use(backend);
  const shape = (rows, columns) => (count > 1 ? [count, rows, columns] : [rows, columns]);
  const a = tf.tensor(A, ta ? shape(K, M) : shape(M, K));
  const b = tf.tensor(B, tb ? shape(N, K) : shape(K, N));
  const turn = (m) => (count > 1 ? tf.transpose(m, [0, 2, 1]) : tf.transpose(m));
  const compute = () => tf.tidy(() => tf.matMul(ta ? turn(a) : a, tb ? turn(b) : b));
  return {
    who: `tfjs-${backend}`,
    variant: backend === 'wasm' ? 'simd128' : 'f32',
    step: () => compute().dispose(),
    result: () => tf.tidy(() => compute().dataSync()),
    delete: () => tf.dispose([a, b]),
  };
}
