// Writing a graph down in JavaScript: each call names a tensor and notes one line. Nothing is computed and nothing is allocated here;
// session.graph(g) hands the lines to the engine, which checks shapes and lays out the memory once.
import { LabError } from './errors.ts';
import type { ModelStart } from './graph-models.ts';
import type { GraphPlan, GraphStatement, InitKind, OpAttributes } from './graph-types.ts';
import type { ActivationName } from './types.ts';

/** A tensor of a graph being written: the result of input, parameter, buffer or any op. It holds a name and no numbers. */
export class GraphTensor {
  readonly name: string;

  /** @internal */
  constructor(name: string) {
    this.name = name;
  }
}

/** An input of an op: a tensor of this graph, its name (saved tensors have only that: 'attn.att'), or null for an absent bias. */
export type OpInput = GraphTensor | string | null;

/** How a parameter starts and whether weight decay applies to it. */
export interface ParameterOptions {
  /** Default xavier for two and more dimensions, else constant. */
  init?: InitKind;
  /** The number that init takes (a constant, a standard deviation, a bound); default 0. */
  a?: number;
  /** Default: true for two and more dimensions. */
  decay?: boolean;
}

/**
 * A graph being written. Shapes are lists of one to four sizes, rows before columns; a weight is (out, in).
 * Mistakes of shape are found when the engine builds it; a name given twice is refused at once.
 */
export class GraphRecorder {
  private readonly statements: GraphStatement[] = [];
  private readonly own = new Set<GraphTensor>();
  private readonly names = new Set<string>();
  private readonly start: ModelStart | undefined;

  /** @param start a ready model to begin with; its tensors are read by name */
  constructor(start?: ModelStart) {
    this.start = structuredClone(start);
  }

  /**
   * A tensor that is set from outside: data, ids, targets.
   * @param shape sizes, each at least 1
   */
  input(name: string, shape: number[]): GraphTensor {
    return this.note({ kind: 'input', name, shape: [...shape] });
  }

  /**
   * A tensor that is learned.
   * @param shape sizes, each at least 1; (out, in) for a weight
   */
  parameter(name: string, shape: number[], o: ParameterOptions = {}): GraphTensor {
    const matrix = shape.length > 1;
    const { init = matrix ? 'xavier' : 'constant', a = 0, decay = matrix } = o;
    return this.note({ kind: 'parameter', name, shape: [...shape], init, a, decay });
  }

  /** A tensor that is kept and not trained: running statistics, frozen weights, tables. Set it from outside or by `init`. */
  buffer(name: string, shape: number[], o: Omit<ParameterOptions, 'decay'> = {}): GraphTensor {
    return this.note({ kind: 'buffer', name, shape: [...shape], init: o.init ?? 'constant', a: o.a ?? 0 });
  }

  /**
   * Any op by its name; the C++ reference tells the formula, the inputs and the shapes of each.
   * @param kind the op: 'matmul', 'softmax', 'conv2d', …
   * @param name of the node and of its main output; saved outputs are called `name.probs`, `name.att` and the like
   * @param inputs in the op's order
   */
  op(kind: string, name: string, inputs: OpInput[], attributes: OpAttributes = {}): GraphTensor {
    const names = inputs.map((input) => this.nameOf(kind, name, input));
    return this.note({ kind: 'op', op: kind, name, inputs: names, attributes: { ...attributes } });
  }

  /** x Wᵀ + b: x (…, I), W (O, I), b (O) or none → (…, O). */
  linear(name: string, x: OpInput, W: OpInput, b: OpInput = null): GraphTensor {
    return this.op('linear', name, [x, W, b]);
  }

  /** f(x), element by element; the shape stays. */
  activation(name: string, x: OpInput, f: ActivationName): GraphTensor {
    return this.op('activation', name, [x], { activation: f });
  }

  /** a + b, both of one shape. */
  add(name: string, a: OpInput, b: OpInput): GraphTensor {
    return this.op('add', name, [a, b]);
  }

  /** Rows of W by id: ids (B, T), W (V, C) → (B, T, C). */
  embedding(name: string, ids: OpInput, W: OpInput): GraphTensor {
    return this.op('embedding', name, [ids, W]);
  }

  /** Adds row t of P to position t: x (B, T, C), P (T, C) → (B, T, C). */
  addPositions(name: string, x: OpInput, P: OpInput): GraphTensor {
    return this.op('add_positions', name, [x, P]);
  }

  /** Each row to mean 0 and variance 1, times w, plus b: x (…, C), w (C), b (C) or none (Ba, Kiros and Hinton 2016). */
  layernorm(name: string, x: OpInput, w: OpInput, b: OpInput = null): GraphTensor {
    return this.op('layernorm', name, [x, w, b]);
  }

  /** Self-attention over queries, keys and values side by side: qkv (B, T, 3C) → (B, T, C) (Vaswani et al. 2017). */
  attention(name: string, qkv: OpInput, o: { heads?: number; causal?: boolean } = {}): GraphTensor {
    return this.op('attention', name, [qkv], o);
  }

  /** Mean of −ln softmax(logits)[target] in nats: logits (…, V), targets (…) whole numbers below V → one number. */
  softmaxXent(name: string, logits: OpInput, targets: OpInput): GraphTensor {
    return this.op('softmax_xent', name, [logits, targets]);
  }

  /** Mean cross-entropy in nats of σ(logits) against targets from 0 to 1, of one shape → one number. */
  bceLogits(name: string, logits: OpInput, targets: OpInput): GraphTensor {
    return this.op('bce_logits', name, [logits, targets]);
  }

  /** scale · mean (y − t)², of one shape → one number. */
  mse(name: string, y: OpInput, t: OpInput, o: { scale?: number } = {}): GraphTensor {
    return this.op('mse', name, [y, t], o);
  }

  /** The lines so far, as data of their own: later calls do not change them. */
  plan(): GraphPlan {
    return structuredClone({ ...this.start, statements: this.statements });
  }

  private note(statement: GraphStatement): GraphTensor {
    const { name } = statement;
    if (this.names.has(name)) {
      throw new LabError('invalid_argument', `two tensors are called "${name}"; names must differ`);
    }
    this.names.add(name);
    this.statements.push(statement);
    const tensor = new GraphTensor(name);
    this.own.add(tensor);
    return tensor;
  }

  private nameOf(kind: string, name: string, input: OpInput): string | null {
    if (!(input instanceof GraphTensor)) return input;
    if (this.own.has(input)) return input.name;
    throw new LabError(
      'invalid_argument',
      `${kind} "${name}": the tensor "${input.name}" belongs to another graph; use one of this graph`,
    );
  }
}

/** A graph to write on: empty, or one that begins with a ready model. */
export function graph(start?: ModelStart): GraphRecorder {
  return new GraphRecorder(start);
}
