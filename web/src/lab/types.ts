// The types that pages, demos, session, host and worker agree on. Plain data only: everything here survives a structured clone.
// What a session can do stands in session.ts, what can go wrong in errors.ts.

export type Lang = 'en' | 'ja';

export type ActivationName =
  'identity' | 'step' | 'sigmoid' | 'tanh' | 'relu' | 'leaky_relu' | 'gelu_erf' | 'gelu_tanh' | 'silu';

export interface OptimizerConfig {
  kind: 'sgd' | 'adamw';
  lr: number;
  momentum?: number;
  beta1?: number;
  beta2?: number;
  eps?: number;
  weightDecay?: number;
  clip?: number; // largest gradient norm; 0 = off
  warmup?: number; // steps
  total?: number; // steps until minLr is reached; 0 = constant after warm-up
  minLr?: number;
}

export interface PerceptronConfig {
  kind: 'perceptron';
  inputs: number;
  x: number[]; // rows × inputs
  t: number[]; // 0 or 1 per row
  firesAtZero: boolean;
  rate: number;
  shuffled: boolean;
  start?: number[]; // w…, b; zeros when absent
  seed: number;
}

export interface MlpConfig {
  kind: 'mlp';
  sizes: number[];
  hidden: ActivationName;
  output: ActivationName;
  loss: 'mse' | 'half_mse' | 'bce' | 'cross_entropy';
  init: { kind: 'constant' | 'normal' | 'uniform' | 'xavier' | 'he'; a: number };
  bias?: boolean;
  batch?: number; // 0 = all rows
  x: number[] | Float32Array;
  t: number[] | Float32Array;
  optimizer: OptimizerConfig;
  seed: number;
}

export type Corpus =
  | { kind: 'stories'; lang: Lang; bytes: number; seed: number }
  | { kind: 'text'; text: string; name?: string };

export interface GptConfig {
  kind: 'gpt';
  layers: number;
  heads: number;
  channels: number;
  context: number;
  batch: number;
  bias: boolean;
  geluErf?: boolean;
  tokenizer: 'char' | 'byte';
  corpus: Corpus;
  validation: number; // share of the text kept aside, 0 … 0.5
  optimizer: OptimizerConfig;
  seed: number;
  evalEvery: number; // steps; 0 = never
  evalBatches: number;
}

export type RunConfig = PerceptronConfig | MlpConfig | GptConfig;

/** A tensor's values, row-major. The weights of a perceptron are the tensor 'w' (inputs + 1, the bias last). */
export interface Tensor {
  name: string;
  shape: number[];
  data: Float32Array;
}

export interface TensorInfo {
  name: string;
  shape: number[];
  role: 'input' | 'parameter' | 'value' | 'saved' | 'buffer';
}

/** Bytes. */
export interface Memory {
  parameters: number;
  gradients: number;
  optimizer: number;
  activations: number;
  scratch: number;
  data: number;
  total: number;
}

export interface Estimate {
  parameterCount: number;
  memory: Memory;
  limit: number; // bytes
  fits: boolean;
  vocab: number | null;
}

export interface RunInfo extends Estimate {
  tensors: TensorInfo[];
  nodes: { name: string; op: string }[];
  trainTokens?: number;
  validationTokens?: number;
  vocabulary?: string[]; // labels by id
  epochSteps: number | null;
}

/**
 * What every report is to carry.
 * tensor: any named tensor of the training graph as it stands.
 * grid: (mlp and perceptron with two inputs) forward on cells × cells points, row 0 = smallest y, x fastest, centers of cells.
 * rows: forward on the given rows (row-major).
 */
export type ViewSpec =
  | { id: string; kind: 'tensor'; name: string; grad?: boolean }
  | { id: string; kind: 'grid'; x: [number, number]; y: [number, number]; cells: number; tensors: string[] }
  | { id: string; kind: 'rows'; x: number[]; tensors: string[] };

/** By tensor name; grids and rows have shape (rows, width). */
export type ViewData = Record<string, Tensor>;

/** One look at one example. */
export interface PerceptronTrace {
  step: number;
  epoch: number;
  example: number;
  x: number[];
  before: number[];
  after: number[];
  sum: number;
  target: number;
  output: number;
  error: number;
}

export type Status = 'ready' | 'running' | 'paused' | 'done' | 'diverged';

export interface Report {
  step: number;
  loss: number; // of a perceptron: the share of examples that are wrong, 0 … 1
  status: Status;
  lr: number;
  gradNorm: number;
  epoch: number | null;
  stepsPerSecond: number | null;
  tokensPerSecond: number | null;
  valLoss: number | null;
  trainLoss: number | null; // gpt: averaged over evalBatches
  history: { step: number[]; loss: number[]; valStep: number[]; valLoss: number[] }; // what is new since the last report
  perceptron?: {
    trace: PerceptronTrace[]; // new rows since the last report, the newest 500
    mistakes: number;
    epochs: number;
    converged: boolean;
    cycles: boolean;
    cycleLength: number;
    wrong: number;
    weights: number[];
    bound: { separable: boolean; radius: number; margin: number; bound: number };
  };
  grain?: { phase: 'batch' | 'forward' | 'backward' | 'update'; node: number; name: string }; // where a node-wise step stands
  problem?: { tensor: string; gradient: boolean }; // status 'diverged'
  views: Record<string, ViewData>; // by view id
}

export interface GenerateOptions {
  prompt: string;
  tokens: number;
  temperature: number;
  topK: number;
  seed: number;
  stop?: string;
}

export interface LookInside {
  tokens: string[];
  layers: number;
  heads: number;
  attention: Float32Array; // (L, H, n, n)
  next: { label: string; id: number; p: number }[]; // descending, at most 50
}

export type Grain = 'step' | 'node' | 'epoch';
export type Variant = 'simd128' | 'relaxed';
/** 'small': perceptrons, networks, activations. 'text': language models; also with relaxed SIMD. 'whole': all of that, and bare graphs. */
export type EngineName = 'small' | 'text' | 'whole';

export interface Capabilities {
  variant: Variant;
  where: 'worker' | 'main';
  version: string;
}

export interface PointData {
  x: number[];
  t: number[];
  inputs: number;
}

export type PointKind = 'and' | 'or' | 'nand' | 'nor' | 'xor' | 'xnor' | 'not-first' | 'blobs';

/** Gates use `inputs`; blobs use all of it. */
export interface PointOptions {
  inputs?: number;
  n?: number;
  separation?: number;
  spread?: number;
  seed?: number;
}
