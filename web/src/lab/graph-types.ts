// What a graph of one's own is on the page: plain data, recorded by graph.ts, sent to the engine as it stands, written to JSON if wanted.
// Which ops there are, what they take and what shapes come out is the engine's knowledge; nothing of it is repeated here.
import type { ModelStart } from './graph-models.ts';
import type { Memory, OptimizerConfig, Tensor, TensorInfo } from './types.ts';

/**
 * How a parameter or a buffer starts. `constant`: every element is `a`; `zeros`: 0. `normal`: mean 0, standard deviation `a`.
 * `uniform`: from −a to a. `xavier` (Glorot and Bengio 2010): normal with √(2 / (fan in + fan out)); `he` (He et al. 2015): normal with
 * √(2 / fan in); `xavier_uniform` and `he_uniform`: uniform with the same deviation. Fans are read from the shape (out, in, kernel …).
 * `orthogonal` (Saxe et al. 2013): `a` times a matrix with orthonormal rows or columns; the shape is taken as (out, all the rest).
 * `lstm_bias` (Gers, Schmidhuber and Cummins 2000): of the four parts of an LSTM's bias the forget gate's is `a`, the rest 0.
 * `sinusoidal` (Vaswani et al. 2017): the table of positions (rows, C), sines and cosines in turn; it takes no number.
 */
export type InitKind =
  | 'zeros'
  | 'constant'
  | 'normal'
  | 'uniform'
  | 'xavier'
  | 'he'
  | 'xavier_uniform'
  | 'he_uniform'
  | 'orthogonal'
  | 'lstm_bias'
  | 'sinusoidal';

/** Which keys a query sees: those at its place and before, all, or (wrongly) those after. */
export type AttentionMask = 'causal' | 'none' | 'wrong';
/** How a query and a key are compared. */
export type AttentionScore = 'dot' | 'negated' | 'squared';

/** What an op is told besides its inputs. Each op reads its own; the C++ reference of an op says which. All are optional. */
export interface OpAttributes {
  /** activation: which function; default identity. */
  activation?: string;
  /** attention, attend: heads, 1 to 1024; default 1. */
  heads?: number;
  /** attend: heads of keys and values (grouped queries); 0, the default, means as many as `heads`. */
  kvHeads?: number;
  /** attention: a position sees only itself and those before it; default true. */
  causal?: boolean;
  /** mse, scale: the factor, default 1. attend: the factor of the scores; 0 means 1/√(head size). */
  scale?: number;
  /** rmsnorm, batchnorm: added to the variance; default 1e-5. */
  eps?: number;
  /** dropout: the share that is dropped, 0 to 1. softmax_xent: label smoothing. batchnorm: momentum. Default 0. */
  rate?: number;
  /** rope: the base of the wavelengths; default 10000. */
  base?: number;
  /** Which axis, 0 to 3; default 0. */
  axis?: number;
  /** slice: the first index that is kept; default 0. */
  begin?: number;
  /** slice: the index after the last that is kept; 0, the default, means the axis's length. */
  end?: number;
  /** matmul: the second factor is transposed. softmax: causal. sum, mean: over everything. attend: slopes by distance (ALiBi). Default false. */
  flag?: boolean;
  /** attend: which keys a query sees; default causal. */
  mask?: AttentionMask;
  /** attend: how a query and a key are compared; default dot. */
  score?: AttentionScore;
  /** reshape: the new shape. transpose: the order of the axes. At most four whole numbers. */
  shape?: number[];
  /** Convolutions and pooling: [height, width] of the window; one-dimensional ops read the second. Default [1, 1]. */
  kernel?: [number, number];
  /** Cells between windows; default [1, 1]. */
  stride?: [number, number];
  /** Zeros around the picture; default [0, 0]. */
  padding?: [number, number];
  /** Cells between the elements of a window; default [1, 1]. */
  dilation?: [number, number];
}

/** One line of a graph, in the order of writing. `inputs` are names; null stands for an absent bias. */
export type GraphStatement =
  | { kind: 'input'; name: string; shape: number[] }
  | { kind: 'parameter'; name: string; shape: number[]; init: InitKind; a: number; decay: boolean }
  | { kind: 'buffer'; name: string; shape: number[]; init: InitKind; a: number }
  | { kind: 'op'; op: string; name: string; inputs: (string | null)[]; attributes: OpAttributes };

/**
 * A whole graph as data: ops alone, or a ready model, after which ops may follow that read its tensors by name.
 * The last op is the loss: its first element is what training makes small.
 */
export type GraphPlan = { statements: GraphStatement[] } | (ModelStart & { statements?: GraphStatement[] });

/** How a graph is set up and trained. */
export interface GraphOptions {
  /** For initial values and dropout: a whole number from 0 to 2^53 − 1. Default 1. */
  seed?: number;
  /** Default AdamW with lr 0.01. */
  optimizer?: OptimizerConfig;
}

/** A node as it runs: its op, what it reads, what it writes first. */
export interface GraphNode {
  /** The name of the node and of its main output. */
  name: string;
  op: string;
  /** Names of its inputs; null for an absent bias. */
  inputs: (string | null)[];
}

/** What is known of a graph once the engine has built it. */
export interface GraphInfo {
  /** Every tensor in the order of its making; saved ones (probabilities, attention weights) too. */
  tensors: TensorInfo[];
  /** In running order. */
  nodes: GraphNode[];
  /** Learned numbers. */
  parameterCount: number;
  /** Bytes; data is 0. */
  memory: Memory;
}

/** One gradient computed twice in double precision: by the chain rule, and from the difference of two losses. */
export interface GradientCheck {
  analytic: number;
  /** (above − below) / 2h */
  numeric: number;
  /** Their difference over the sum of their sizes. */
  relativeError: number;
  /** The loss as it stands, of the element raised by h, and lowered by h. */
  loss: number;
  above: number;
  below: number;
}

/** Where a graph's training stands. */
export interface GraphReport {
  /** Whole steps since the seed. */
  step: number;
  /** Of the last forward pass, before the update that followed it. */
  loss: number;
  /** Norm of all parameters' gradients before clipping; 0 before the first update. */
  gradNorm: number;
  /** The first tensor that held NaN or ±∞, with which training stops; '' when all is finite. */
  problem: string;
}

/** A tensor's values and, where it has one, its gradient of the same shape. */
export interface GraphLook extends Tensor {
  grad: Float32Array | null;
}
