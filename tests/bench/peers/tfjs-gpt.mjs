// A GPT of the laptop recipe in TensorFlow.js ops, trained with its own automatic gradients; AdamW with clipping by the global norm is
// written in its ops, too. Names and meaning of the weights are core's (nn/gpt.cpp); matrices are kept turned, (I, O).
import * as tf from '@tensorflow/tfjs-core';
import './tfjs-gradients.mjs';
import { product, use } from './tfjs.mjs';

const EPS = 1e-5; // of layer norm
const matrix = ({ shape }) => shape.length === 2;
const table = (name) => name === 'wte' || name === 'wpe';

export async function gpt(config, given) {
  await use('wasm');
  const { layers: L, heads: H, channels: C, context: T, batch: B, vocab: V, optimizer: o } = config;
  const D = C / H;
  const names = Object.keys(given);
  const weights = names.map((name) => {
    const { shape, data } = given[name];
    const tensor = tf.tensor(data, shape);
    const turned = matrix(given[name]) && !table(name) ? tf.transpose(tensor) : tensor;
    return tf.variable(turned, true, name);
  });
  const W = Object.fromEntries(names.map((name, i) => [name, weights[i]]));
  const moments = weights.map((w) => [
    tf.variable(tf.zerosLike(w), false),
    tf.variable(tf.zerosLike(w), false),
  ]);
  const mask = tf.tidy(() =>
    tf.tensor2d(
      Float32Array.from({ length: T * T }, (_, i) => (i % T > Math.floor(i / T) ? -1e9 : 0)),
      [T, T],
    ),
  );

  const norm = (x, w) => {
    const centered = tf.sub(x, tf.mean(x, -1, true));
    const spread = tf.rsqrt(tf.add(tf.mean(tf.square(centered), -1, true), EPS));
    return tf.mul(tf.mul(centered, spread), w);
  };
  const gelu = (x) => {
    const inner = tf.mul(tf.add(x, tf.mul(tf.mul(tf.square(x), x), 0.044715)), Math.sqrt(2 / Math.PI));
    return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
  };
  // (B·T, C) → (B·H, T, D)
  const heads = (x) => tf.reshape(tf.transpose(tf.reshape(x, [B, T, H, D]), [0, 2, 1, 3]), [B * H, T, D]);
  const attention = (qkv) => {
    const [q, k, v] = tf.split(qkv, 3, 1).map(heads);
    const scores = tf.add(tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(D)), mask);
    const mixed = tf.reshape(tf.matMul(tf.softmax(scores), v), [B, H, T, D]);
    return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [B * T, C]);
  };
  const lossOf = (ids, targets) => {
    // A product with ones and zeros: its gather has no gradient on this backend that would be faster.
    const tokens = product(tf.cast(tf.oneHot(ids, V), 'float32'), W.wte);
    let x = tf.reshape(tf.add(tf.reshape(tokens, [B, T, C]), W.wpe), [B * T, C]);
    for (let l = 0; l < L; l++) {
      const at = `blocks.${l}.`;
      const qkv = product(norm(x, W[`${at}ln1.weight`]), W[`${at}attn.qkv.weight`]);
      x = tf.add(x, product(attention(qkv), W[`${at}attn.proj.weight`]));
      const wide = gelu(product(norm(x, W[`${at}ln2.weight`]), W[`${at}mlp.fc.weight`]));
      x = tf.add(x, product(wide, W[`${at}mlp.proj.weight`]));
    }
    const logits = product(norm(x, W['lnf.weight']), tf.transpose(W.wte));
    const right = tf.cast(tf.oneHot(targets, V), 'float32');
    return tf.neg(tf.div(tf.sum(tf.mul(tf.logSoftmax(logits), right)), B * T));
  };

  let step = 0;
  const update = (grads) => {
    step += 1;
    const all = weights.map((w) => grads[w.name]);
    const length = Math.sqrt(tf.addN(all.map((g) => tf.sum(tf.square(g)))).dataSync()[0]);
    const scale = length > o.clip ? o.clip / length : 1;
    const [c1, c2] = [1 - o.beta1 ** step, 1 - o.beta2 ** step];
    weights.forEach((w, i) => {
      const g = tf.mul(all[i], scale);
      const [m, v] = moments[i];
      m.assign(tf.add(tf.mul(m, o.beta1), tf.mul(g, 1 - o.beta1)));
      v.assign(tf.add(tf.mul(v, o.beta2), tf.mul(tf.square(g), 1 - o.beta2)));
      const move = tf.div(tf.div(m, c1), tf.add(tf.sqrt(tf.div(v, c2)), o.eps));
      const decayed = given[names[i]].shape.length > 1 ? tf.add(move, tf.mul(w, o.weightDecay)) : move;
      w.assign(tf.sub(w, tf.mul(decayed, o.lr)));
    });
  };
  return {
    who: 'tfjs-wasm',
    variant: 'simd128',
    async step(ids, targets) {
      await use('wasm');
      return tf.tidy(() => {
        const [a, b] = [tf.tensor1d(ids, 'int32'), tf.tensor1d(targets, 'int32')];
        const { value, grads } = tf.variableGrads(() => lossOf(a, b), weights);
        update(grads);
        return value.dataSync()[0];
      });
    },
    delete: () => tf.dispose([mask, ...weights, ...moments.flat()]),
  };
}
