// The baseline: JavaScript over typed arrays as one would write it with care and no library. No tricks that a reader could not follow:
// rows side by side in memory, sums in four parts so that additions need not wait for each other, nothing allocated in a step.

/** Σ a[i + k] b[j + k], k < n. */
function dot(a, i, b, j, n) {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let k = 0;
  for (; k + 3 < n; k += 4) {
    s0 += a[i + k] * b[j + k];
    s1 += a[i + k + 1] * b[j + k + 1];
    s2 += a[i + k + 2] * b[j + k + 2];
    s3 += a[i + k + 3] * b[j + k + 3];
  }
  for (; k < n; k++) s0 += a[i + k] * b[j + k];
  return s0 + s1 + (s2 + s3);
}

const sigmoid = (z) => 1 / (1 + Math.exp(-z));

/** One sigmoid layer of a batch: y (B, O) = σ(x Wᵀ + b), x in rows of the data. */
function layer(x, starts, I, W, b, O, y) {
  for (let r = 0; r < starts.length; r++)
    for (let o = 0; o < O; o++) y[r * O + o] = sigmoid(dot(x, starts[r], W, o * I, I) + b[o]);
}

/** The two-layer net of the digits: W1 (H, I), W2 (O, H). */
export function mlp({ sizes: [I, H, O], batch, lr }, data) {
  const W1 = new Float32Array(H * I);
  const b1 = new Float32Array(H);
  const W2 = new Float32Array(O * H);
  const b2 = new Float32Array(O);
  const all = { W1, b1, W2, b2 };
  const h = new Float32Array(batch * H);
  const y = new Float32Array(batch * O);
  const d1 = new Float32Array(batch * H);
  const d2 = new Float32Array(batch * O);
  const starts = new Int32Array(batch);
  const own = Int32Array.from({ length: batch }, (_, r) => r * H);
  const rate = lr / batch;

  function forward(x) {
    layer(x, starts, I, W1, b1, H, h);
    layer(h, own, H, W2, b2, O, y);
  }
  /** W −= rate dᵀ x, one row of W after the other so that it stays near. */
  function learn(W, b, d, width, x, from, inputs) {
    for (let o = 0; o < width; o++) {
      for (let r = 0; r < batch; r++) {
        const g = rate * d[r * width + o];
        const at = from[r];
        for (let i = 0; i < inputs; i++) W[o * inputs + i] -= g * x[at + i];
        b[o] -= g;
      }
    }
  }
  return {
    who: 'plain JS',
    variant: 'f32',
    set(weights) {
      for (const name of Object.keys(all)) all[name].set(weights[name]);
    },
    step(order) {
      for (let r = 0; r < batch; r++) starts[r] = order[r] * I;
      forward(data.x);
      for (let r = 0; r < batch; r++)
        for (let o = 0; o < O; o++) {
          const v = y[r * O + o];
          d2[r * O + o] = (v - data.t[order[r] * O + o]) * v * (1 - v);
        }
      for (let r = 0; r < batch; r++)
        for (let k = 0; k < H; k++) {
          let s = 0;
          for (let o = 0; o < O; o++) s += d2[r * O + o] * W2[o * H + k];
          const v = h[r * H + k];
          d1[r * H + k] = s * v * (1 - v);
        }
      learn(W2, b2, d2, O, h, own, H);
      learn(W1, b1, d1, H, data.x, starts, I);
    },
    outputs(x) {
      for (let r = 0; r < batch; r++) starts[r] = r * I;
      forward(x);
      return y;
    },
  };
}

/** A 2-2-1 net, tanh and a sigmoid with cross-entropy, all four rows a step: W1 (2, 2), b1 (2), W2 (2), b2. */
export function xor({ lr, x, t }) {
  const w = new Float32Array(9); // W1, b1, W2, b2 one after the other
  const g = new Float32Array(9);
  const rows = t.length;
  let loss = 0;
  return {
    who: 'plain JS',
    variant: 'f32',
    set({ W1, b1, W2, b2 }) {
      w.set([...W1, ...b1, ...W2, ...b2]);
    },
    step() {
      g.fill(0);
      loss = 0;
      for (let r = 0; r < rows; r++) {
        const x0 = x[2 * r];
        const x1 = x[2 * r + 1];
        const h0 = Math.tanh(w[0] * x0 + w[1] * x1 + w[4]);
        const h1 = Math.tanh(w[2] * x0 + w[3] * x1 + w[5]);
        const z = w[6] * h0 + w[7] * h1 + w[8];
        const d = (sigmoid(z) - t[r]) / rows;
        loss += Math.max(z, 0) - z * t[r] + Math.log1p(Math.exp(-Math.abs(z)));
        const e0 = d * w[6] * (1 - h0 * h0);
        const e1 = d * w[7] * (1 - h1 * h1);
        g[0] += e0 * x0;
        g[1] += e0 * x1;
        g[2] += e1 * x0;
        g[3] += e1 * x1;
        g[4] += e0;
        g[5] += e1;
        g[6] += d * h0;
        g[7] += d * h1;
        g[8] += d;
      }
      for (let i = 0; i < 9; i++) w[i] -= lr * g[i];
    },
    loss: () => loss / rows,
  };
}

/** C (M, N) = op(A) op(B): blocks of two rows and two columns, sums in registers; even M and N. Transposed operands are copied first. */
export function gemm({ M, N, K, ta, tb }, A, B) {
  const C = new Float32Array(M * N);
  const a = new Float32Array(M * K); // (M, K)
  const b = new Float32Array(N * K); // (N, K)
  const turn = (from, to, rows, columns) => {
    for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) to[j * rows + i] = from[i * columns + j];
  };
  return {
    who: 'plain JS',
    variant: 'f32',
    step() {
      if (ta) turn(A, a, K, M);
      if (!tb) turn(B, b, K, N);
      const left = ta ? a : A;
      const right = tb ? B : b;
      for (let i = 0; i < M; i += 2)
        for (let j = 0; j < N; j += 2) {
          let s00 = 0;
          let s01 = 0;
          let s10 = 0;
          let s11 = 0;
          const [i0, i1, j0, j1] = [i * K, (i + 1) * K, j * K, (j + 1) * K];
          for (let k = 0; k < K; k++) {
            const a0 = left[i0 + k];
            const a1 = left[i1 + k];
            const b0 = right[j0 + k];
            const b1 = right[j1 + k];
            s00 += a0 * b0;
            s01 += a0 * b1;
            s10 += a1 * b0;
            s11 += a1 * b1;
          }
          C[i * N + j] = s00;
          C[i * N + j + 1] = s01;
          C[(i + 1) * N + j] = s10;
          C[(i + 1) * N + j + 1] = s11;
        }
    },
    result: () => C,
  };
}
export { decode } from './plain-decode.mjs';
