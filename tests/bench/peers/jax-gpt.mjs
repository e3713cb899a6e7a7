// A GPT of the laptop recipe in jax-js: training as one jitted step, and decoding with a cache as one jitted token. @jax-js/optax is on no
// registry under that name, so AdamW with clipping is written in jax ops. Names and meaning of the weights are core's (nn/gpt.cpp).
import { jit, nn, numpy as np, valueAndGrad } from '@jax-js/jax';
import { array, start, variant, who } from './jax-start.mjs';

const EPS = 1e-5; // of layer norm

function norm(x, w) {
  const centered = x.ref.sub(x.mean(-1, { keepdims: true }));
  const spread = np.square(centered.ref).mean(-1, { keepdims: true });
  return centered.div(np.sqrt(spread.add(EPS))).mul(w);
}
const linear = (x, W) => np.matmul(x, W.transpose());

export async function gpt(config, given) {
  await start();
  const { layers: L, heads: H, channels: C, context: T, batch: B, vocab: V, optimizer: o } = config;
  const D = C / H;
  const names = Object.keys(given);
  const each = (f) => Object.fromEntries(names.map((name) => [name, f(name)]));
  const refs = (tree) => each((name) => tree[name].ref);

  const attention = (qkv) => {
    const [q, k, v] = np.split(qkv, 3, 1).map((part) => part.reshape([B, T, H, D]));
    return nn.dotProductAttention(q, k, v, { isCausal: true }).reshape([B * T, C]);
  };
  const lossOf = (W, ids, targets) => {
    const tokens = np.matmul(nn.oneHot(ids, V), W.wte.ref).reshape([B, T, C]);
    let x = tokens.add(W.wpe).reshape([B * T, C]);
    for (let l = 0; l < L; l++) {
      const at = `blocks.${l}.`;
      const qkv = linear(norm(x.ref, W[`${at}ln1.weight`]), W[`${at}attn.qkv.weight`]);
      x = x.add(linear(attention(qkv), W[`${at}attn.proj.weight`]));
      const wide = nn.gelu(linear(norm(x.ref, W[`${at}ln2.weight`]), W[`${at}mlp.fc.weight`]));
      x = x.add(linear(wide, W[`${at}mlp.proj.weight`]));
    }
    const logits = linear(norm(x, W['lnf.weight']), W.wte);
    return nn
      .logSoftmax(logits)
      .mul(nn.oneHot(targets, V))
      .sum()
      .mul(-1 / (B * T));
  };

  // factors: 1/c1 and 1/c2 of Adam's bias correction, so that no step needs compiling again
  const learn = jit((W, m, v, ids, targets, factors) => {
    const [loss, raw] = valueAndGrad(lossOf)(refs(W), ids, targets);
    const length = np.sqrt(names.map((name) => np.square(raw[name].ref).sum()).reduce((a, b) => a.add(b)));
    const scale = np.minimum(np.array(o.clip).div(length), 1);
    const [f1, f2] = np.split(factors, 2, 0);
    const next = { W: {}, m: {}, v: {} };
    for (const name of names) {
      const g = raw[name].mul(scale.ref);
      const nm = m[name].mul(o.beta1).add(g.ref.mul(1 - o.beta1));
      const nv = v[name].mul(o.beta2).add(np.square(g).mul(1 - o.beta2));
      const move = nm.ref.mul(f1.ref).div(np.sqrt(nv.ref.mul(f2.ref)).add(o.eps));
      const decay = given[name].shape.length > 1 ? 1 - o.lr * o.weightDecay : 1;
      next.W[name] = W[name].mul(decay).sub(move.mul(o.lr));
      next.m[name] = nm;
      next.v[name] = nv;
    }
    for (const rest of [scale, f1, f2]) rest.dispose();
    return { ...next, loss };
  });

  let state = {
    W: each((name) => array(given[name].data.slice(), given[name].shape)),
    m: each((name) => np.zeros(given[name].shape)),
    v: each((name) => np.zeros(given[name].shape)),
  };
  let step = 0;
  return {
    who,
    variant,
    async step(ids, targets) {
      step += 1;
      const factors = np.array(new Float32Array([1 / (1 - o.beta1 ** step), 1 / (1 - o.beta2 ** step)]));
      const { loss, ...next } = learn(
        state.W,
        state.m,
        state.v,
        np.array(Int32Array.from(ids)),
        np.array(Int32Array.from(targets)),
        factors,
      );
      state = next;
      return (await loss.data())[0];
    },
  };
}

/** One token after the other: keys and values of all layers stand in two arrays (L, T, C) that each call replaces. */
export async function decode(config, given) {
  await start();
  const { layers: L, heads: H, channels: C, context: T } = config;
  const D = C / H;
  const names = Object.keys(given);
  const W = Object.fromEntries(
    names.map((name) => [name, array(given[name].data.slice(), given[name].shape)]),
  );
  const one = jit((w, keys, values, token, position) => {
    const places = np.arange(T);
    const here = np.equal(places.ref, position.ref).astype(np.float32).reshape([T, 1]);
    const unread = np.greater(places, position.ref).astype(np.float32).mul(-1e9).reshape([1, T]);
    let x = np.take(w.wte.ref, token, 0).add(np.take(w.wpe, position, 0));
    const [allKeys, allValues] = [keys, values].map((cache) =>
      np.split(cache, L, 0).map((c) => c.reshape([T, C])),
    );
    const put = (cache, row) => cache.mul(here.ref.mul(-1).add(1)).add(here.ref.mul(row));
    for (let l = 0; l < L; l++) {
      const at = `blocks.${l}.`;
      const [q, k, v] = np.split(linear(norm(x.ref, w[`${at}ln1.weight`]), w[`${at}attn.qkv.weight`]), 3, 1);
      allKeys[l] = put(allKeys[l], k);
      allValues[l] = put(allValues[l], v);
      const turned = (cache) => cache.ref.reshape([T, H, D]).transpose([1, 0, 2]); // (H, T, D)
      const scores = np
        .matmul(q.reshape([H, 1, D]), np.matrixTranspose(turned(allKeys[l])))
        .mul(1 / Math.sqrt(D));
      const p = nn.softmax(scores.add(unread.ref));
      const mixed = np.matmul(p, turned(allValues[l])).reshape([1, C]);
      x = x.add(linear(mixed, w[`${at}attn.proj.weight`]));
      const wide = nn.gelu(linear(norm(x.ref, w[`${at}ln2.weight`]), w[`${at}mlp.fc.weight`]));
      x = x.add(linear(wide, w[`${at}mlp.proj.weight`]));
    }
    here.dispose();
    unread.dispose();
    const logits = linear(norm(x, w['lnf.weight']), w.wte);
    return { keys: np.stack(allKeys), values: np.stack(allValues), token: np.argmax(logits, 1) };
  });
  let cache;
  let position = 0;
  return {
    who,
    variant,
    direct: true, // next() gives the token itself, no promise
    begin() {
      if (cache) [cache.keys, cache.values].forEach((c) => c.dispose());
      cache = { keys: np.zeros([L, T, C]), values: np.zeros([L, T, C]) };
      position = 0;
    },
    next(token) {
      const refs = Object.fromEntries(names.map((name) => [name, W[name].ref]));
      const at = np.array(Int32Array.of(position++));
      const { token: chosen, ...next } = one(
        refs,
        cache.keys,
        cache.values,
        np.array(Int32Array.of(token)),
        at,
      );
      cache = next;
      return chosen.dataSync()[0];
    },
  };
}
