// ONNX Runtime Web 1.30.0, its wasm provider on one thread. A model is written here as protobuf bytes, field by field of onnx.proto:
// R products of one input with R constant matrices, of each a single row kept, so that copies in and out do not weigh on the products.
import * as ort from 'onnxruntime-web';

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

const REPEATS = 16;
const utf8 = new TextEncoder();

function varint(value) {
  const out = [];
  for (let v = value; ; v = Math.floor(v / 128)) {
    if (v < 128) return [...out, v];
    out.push((v % 128) + 128);
  }
}
/** A list of byte pieces as one. */
function joined(pieces) {
  const out = new Uint8Array(pieces.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}
const number = (field, value) => joined([varint(field * 8), varint(value)]);
const bytes = (field, value) => joined([varint(field * 8 + 2), varint(value.length), value]);
const text = (field, value) => bytes(field, utf8.encode(value));
const message = (field, ...parts) => bytes(field, joined(parts));

const FLOAT = 1;
const INT64 = 7;
// AttributeProto: name 1, i 3, ints 8, type 20 (INT 2, INTS 7)
const int = (name, value) => message(5, text(1, name), number(3, value), number(20, 2));
const ints = (name, values) => message(5, text(1, name), ...values.map((v) => number(8, v)), number(20, 7));
// NodeProto: input 1, output 2, op_type 4, attribute 5
const node = (op, inputs, output, ...attributes) =>
  message(1, ...inputs.map((name) => text(1, name)), text(2, output), text(4, op), ...attributes);
// TensorProto: dims 1, data_type 2, name 8, raw_data 9
const tensor = (name, type, dims, data) =>
  message(
    5,
    ...dims.map((d) => number(1, d)),
    number(2, type),
    text(8, name),
    bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  );
// ValueInfoProto: name 1, type 2 → tensor_type 1 → elem_type 1, shape 2 → dim 1 → dim_value 1
const value = (field, name, dims) =>
  message(
    field,
    text(1, name),
    message(2, message(1, number(1, FLOAT), message(2, ...dims.map((d) => message(1, number(1, d)))))),
  );

/** ModelProto: ir_version 1, graph 7, opset_import 8 (version 2). GraphProto: node 1, name 2, initializer 5, input 11, output 12. */
const model = (...graph) =>
  joined([number(1, 8), message(7, ...graph, text(2, 'x2g')), message(8, number(2, 13))]);

export async function gemm({ M, N, K, ta, tb, count }, A, B) {
  const shape = (rows, columns) => (count > 1 ? [count, rows, columns] : [rows, columns]);
  const perm = count > 1 ? [0, 2, 1] : [1, 0];
  const axis = count > 1 ? 1 : 0;
  const dims = {
    A: ta ? shape(K, M) : shape(M, K),
    B: tb ? shape(N, K) : shape(K, N),
    row: count > 1 ? [count, N] : [N],
  };
  const parts = [tensor('zero', INT64, [], new BigInt64Array([0n]))];
  const rows = [];
  for (let i = 0; i < REPEATS; i++) {
    // Constants of different content, so that nothing is computed once for all.
    parts.push(
      tensor(
        `B${i}`,
        FLOAT,
        dims.B,
        B.map((v) => v * (1 + i / REPEATS)),
      ),
    );
    // A transposed A is turned for each product, as each layer of a model would; a transposed constant is turned when the model loads.
    const left = ta ? `A${i}` : 'A';
    if (ta) parts.push(node('Transpose', [i === 0 ? 'A' : `again${i}`], left, ints('perm', perm)));
    if (ta && i > 0)
      parts.push(
        node('Mul', ['A', `one${i}`], `again${i}`),
        tensor(`one${i}`, FLOAT, [], Float32Array.of(1 + i / 64)),
      );
    if (tb) parts.push(node('Transpose', [`B${i}`], `T${i}`, ints('perm', perm)));
    parts.push(node('MatMul', [left, tb ? `T${i}` : `B${i}`], `C${i}`));
    parts.push(node('Gather', [`C${i}`, 'zero'], `row${i}`, int('axis', axis)));
    rows.push(`row${i}`);
  }
  parts.push(node('Sum', rows, 'out'), value(11, 'A', dims.A), value(12, 'out', dims.row));
  const session = await ort.InferenceSession.create(model(...parts), { executionProviders: ['wasm'] });
  const feeds = { A: new ort.Tensor('float32', A, dims.A) };
  const factor = Array.from(
    { length: REPEATS },
    (_, i) => (1 + i / REPEATS) * (ta ? (i === 0 ? 1 : 1 + i / 64) : 1),
  ).reduce((a, b) => a + b);
  return {
    who: 'onnxruntime',
    variant: 'simd128',
    note: `${REPEATS} products a call`,
    work: async (repeats) => {
      for (let i = 0; i < repeats; i += REPEATS) await session.run(feeds);
    },
    least: REPEATS,
    result: async () => (await session.run(feeds)).out.data,
    /** What result() must be, given all of C: its first rows, added up. */
    expected: (C) =>
      Float32Array.from({ length: count * N }, (_, i) => C[Math.floor(i / N) * M * N + (i % N)] * factor),
    floor: factor,
    delete: () => session.release(),
  };
}
