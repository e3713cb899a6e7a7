// The baseline decoder: a GPT read token by token with a cache of keys and values, JavaScript over typed arrays, in the manner of
// llama2.c (Karpathy 2023): one matrix times a vector after the other. Names and meaning of the weights are core's (nn/gpt.cpp).
const EPS = 1e-5; // of layer norm
const SLOPE = Math.sqrt(2 / Math.PI);

/** y = W x, W (O, I); added to y where `more`. Four sums side by side. */
function times(W, x, y, O, I, more = false) {
  for (let o = 0; o < O; o++) {
    const at = o * I;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let i = 0; i < I; i += 4) {
      s0 += W[at + i] * x[i];
      s1 += W[at + i + 1] * x[i + 1];
      s2 += W[at + i + 2] * x[i + 2];
      s3 += W[at + i + 3] * x[i + 3];
    }
    const s = s0 + s1 + (s2 + s3);
    y[o] = more ? y[o] + s : s;
  }
}

function norm(x, w, y) {
  const n = x.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += x[i];
  mean /= n;
  let variance = 0;
  for (let i = 0; i < n; i++) variance += (x[i] - mean) ** 2;
  const scale = 1 / Math.sqrt(variance / n + EPS);
  for (let i = 0; i < n; i++) y[i] = (x[i] - mean) * scale * w[i];
}

function gelu(x) {
  for (let i = 0; i < x.length; i++) {
    const v = x[i];
    x[i] = 0.5 * v * (1 + Math.tanh(SLOPE * (v + 0.044715 * v * v * v)));
  }
}

export function decode({ layers: L, heads: H, channels: C, context: T, vocab: V }, given) {
  const W = (name) => given[name].data;
  const D = C / H;
  const blocks = Array.from({ length: L }, (_, l) => ({
    ln1: W(`blocks.${l}.ln1.weight`),
    qkv: W(`blocks.${l}.attn.qkv.weight`),
    proj: W(`blocks.${l}.attn.proj.weight`),
    ln2: W(`blocks.${l}.ln2.weight`),
    fc: W(`blocks.${l}.mlp.fc.weight`),
    down: W(`blocks.${l}.mlp.proj.weight`),
    keys: new Float32Array(T * C),
    values: new Float32Array(T * C),
  }));
  const [wte, wpe, lnf] = ['wte', 'wpe', 'lnf.weight'].map(W);
  const x = new Float32Array(C);
  const y = new Float32Array(C);
  const qkv = new Float32Array(3 * C);
  const wide = new Float32Array(4 * C);
  const scores = new Float32Array(T);
  const logits = new Float32Array(V);
  let length = 0;

  function attend({ keys, values }) {
    keys.set(qkv.subarray(C, 2 * C), length * C);
    values.set(qkv.subarray(2 * C), length * C);
    const scale = 1 / Math.sqrt(D);
    for (let h = 0; h < H; h++) {
      const from = h * D;
      let top = -Infinity;
      for (let t = 0; t <= length; t++) {
        let s = 0;
        for (let d = 0; d < D; d++) s += qkv[from + d] * keys[t * C + from + d];
        scores[t] = s * scale;
        top = Math.max(top, scores[t]);
      }
      let sum = 0;
      for (let t = 0; t <= length; t++) sum += scores[t] = Math.exp(scores[t] - top);
      for (let d = 0; d < D; d++) y[from + d] = 0;
      for (let t = 0; t <= length; t++) {
        const p = scores[t] / sum;
        for (let d = 0; d < D; d++) y[from + d] += p * values[t * C + from + d];
      }
    }
  }
  return {
    who: 'plain JS',
    variant: 'f32',
    direct: true, // next() gives the token itself, no promise
    begin: () => void (length = 0),
    next(token) {
      for (let i = 0; i < C; i++) x[i] = wte[token * C + i] + wpe[length * C + i];
      for (const block of blocks) {
        norm(x, block.ln1, y);
        times(block.qkv, y, qkv, 3 * C, C);
        attend(block);
        times(block.proj, y, x, C, C, true);
        norm(x, block.ln2, y);
        times(block.fc, y, wide, 4 * C, C);
        gelu(wide);
        times(block.down, wide, x, C, 4 * C, true);
      }
      norm(x, lnf, y);
      times(wte, y, logits, V, C);
      length += 1;
      let best = 0;
      for (let i = 1; i < V; i++) if (logits[i] > logits[best]) best = i;
      return best;
    },
  };
}
