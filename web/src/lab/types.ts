// The types that pages, demos, session, host and worker agree on. Plain data only: everything here survives a structured clone.
// What a session can do stands in session.ts, what can go wrong in errors.ts.

import type { GraphPlan } from './graph-types.ts';

/** A language of the lab: English or Japanese. */
export type Lang = 'en' | 'ja';

/** An activation function by name. `gelu_erf` is exact, `gelu_tanh` the approximation that GPT-2 uses (Hendrycks and Gimpel 2016). */
export type ActivationName =
  | 'identity'
  | 'step'
  | 'sigmoid'
  | 'tanh'
  | 'relu'
  | 'leaky_relu'
  | 'gelu_erf'
  | 'gelu_tanh'
  | 'silu'
  | 'sign'
  | 'elu'
  | 'softplus';

/**
 * How weights follow their gradients: SGD with momentum (Polyak 1964), Nesterov's (1983), AdaGrad (Duchi, Hazan and Singer 2011),
 * RMSProp (Hinton 2012), Adam (Kingma and Ba 2015) or AdamW (Loshchilov and Hutter 2019), with clipping and a schedule:
 * linear warm-up and cosine decay. Rates are per step; steps count from 0.
 */
export interface OptimizerConfig {
  kind: 'sgd' | 'adamw' | 'nesterov' | 'rmsprop' | 'adagrad' | 'adam';
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
  schedule?: 'warmup_cosine' | 'constant' | 'step_decay' | 'one_cycle';
  clipValue?: number; // every gradient is held to ±clipValue; 0 = off; not together with clip
  alpha?: number; // rmsprop
  decayEvery?: number; // step_decay: steps between two multiplications by gamma
  gamma?: number;
  rise?: number; // one_cycle: share of the steps in which the rate rises
  div?: number; // one_cycle: begins at lr / div …
  finalDiv?: number; // … and ends at lr / (div · finalDiv)
}

/** Rosenblatt's perceptron (1958) on rows of data: `x` (rows, inputs), `t` (rows) of 0 and 1. */
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

/** A multilayer perceptron: `sizes` from inputs to outputs, `x` (rows, first size), `t` (rows, last size), or (rows) class numbers with cross_entropy. */
export interface MlpConfig {
  kind: 'mlp';
  sizes: number[];
  hidden: ActivationName;
  output: ActivationName;
  loss: 'mse' | 'half_mse' | 'bce' | 'cross_entropy';
  init: {
    kind:
      | 'zeros'
      | 'constant'
      | 'normal'
      | 'uniform'
      | 'xavier'
      | 'he'
      | 'xavier_uniform'
      | 'he_uniform'
      | 'orthogonal';
    a: number;
  };
  bias?: boolean;
  batch?: number; // 0 = all rows
  shuffled?: boolean; // batches draw the rows in another order each epoch; default true
  x: number[] | Float32Array;
  t: number[] | Float32Array;
  optimizer: OptimizerConfig;
  seed: number;
}

/** What a language model reads: stories made here from a seed (about `bytes` bytes), or a text of one's own. */
export type Corpus =
  | { kind: 'stories'; lang: Lang; bytes: number; seed: number }
  | { kind: 'text'; text: string; name?: string };

/**
 * A GPT in the form of nanoGPT: `layers` blocks of `heads` heads over `channels`, reading `context` tokens, `batch` rows a step.
 * `channels` is a multiple of `heads`. Losses are in nats per token.
 */
export interface GptConfig {
  kind: 'gpt';
  layers: number;
  heads: number;
  channels: number;
  context: number;
  batch: number;
  /**
   * Workers that train together, 1 to 8, each on an equal share of every batch: a divisor of `batch`; default 1. The same number gives the
   * same bits, whether or not so many workers can start; another number gives the same losses up to rounding. In the engine 'text'; others
   * train alone.
   */
  workers?: number;
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

/**
 * A graph of one's own as a run: what graph() recorded (`g.plan()`), trained on data that stands until it is set again; the last op is the
 * loss. In the engines 'graph' (the ops of the first lessons) and 'whole' (every op, ready models).
 */
export interface GraphConfig {
  kind: 'graph';
  graph: GraphPlan;
  /** Inputs, and parameters or buffers that do not start by their `init`: numbers by tensor name, row-major. Inputs not named are 0. */
  values?: Record<string, ArrayLike<number>>;
  optimizer: OptimizerConfig;
  seed: number;
}

/** What a session can train, told apart by `kind`. */
export type RunConfig = PerceptronConfig | MlpConfig | GptConfig | GraphConfig;

/** A tensor's values, row-major. The weights of a perceptron are the tensor 'w' (inputs + 1, the bias last). */
export interface Tensor {
  name: string;
  shape: number[];
  data: Float32Array;
}

/**
 * A tensor of a run by name. `input` is set from outside, `parameter` learned, `value` computed with a gradient,
 * `saved` computed without one, `buffer` kept and not trained. Shape [] is one number.
 */
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

/** What a run will take before anything is allocated: learned numbers, bytes, the limit in bytes, and the vocabulary (language models). */
export interface Estimate {
  parameterCount: number;
  memory: Memory;
  limit: number; // bytes
  fits: boolean;
  vocab: number | null;
}

/** What is known of a run once it stands: its tensors and ops in running order besides the estimate. */
export interface RunInfo extends Estimate {
  tensors: TensorInfo[];
  nodes: { name: string; op: string; inputs: (string | null)[] }[]; // inputs: tensors by name, null for an absent bias
  trainTokens?: number;
  validationTokens?: number;
  vocabulary?: string[]; // labels by id
  epochSteps: number | null;
}

/**
 * What every report is to carry.
 * tensor: any named tensor of the training graph as it stands.
 * grid: (mlp and perceptron with two inputs) forward on cells × cells points, row 0 = smallest y, x fastest, centers of cells.
 * rows: forward on the given rows (row-major). The same array object watched again under the same id is not sent again.
 * every: ms; while it runs, at most so often, and reports in between leave the view out. A run that stands still always carries all.
 */
export type ViewSpec =
  | { id: string; kind: 'tensor'; name: string; grad?: boolean; every?: number }
  | { id: string; kind: 'grid'; x: [number, number]; y: [number, number]; cells: number; tensors: string[] }
  | { id: string; kind: 'rows'; x: number[] | Float32Array; tensors: string[]; every?: number };

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

/** Where a run stands. diverged: a number left the range of a float; the report names the tensor. */
export type Status = 'ready' | 'running' | 'paused' | 'done' | 'diverged';

/** Where training stands: losses in nats (cross-entropies) or squared units, speeds a second, and the watched views. */
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
  done?: { phase: 'batch' | 'forward' | 'backward' | 'update'; node: number; name: string }; // by ops: the last one done, node −1 for none
  examples?: number[]; // by ops, or one row a batch: rows of the data in the batch at hand
  problem?: { tensor: string; gradient: boolean }; // status 'diverged'
  past?: { newest: number }; // an earlier step is looked at: the run itself stands at `newest`
  rewound?: number; // the first report after the run was taken back to that step: what was told of later ones is void
  views: Record<string, ViewData>; // by view id
}

/** What goTo() can show: every step from `first` to `newest`, or those in `marks` alone where the way to others would take long. */
export interface Timeline {
  first: number;
  newest: number;
  marks: number[] | null;
}

/**
 * How a token is chosen, as a chain: penalties, temperature, then what filters leave of the rest. Set like nothing but temperature and topK,
 * all others are off.
 */
export interface DecodingOptions {
  /** 0 to 100; 0 takes the likeliest token. */
  temperature: number;
  /** The likeliest so many (Fan, Lewis and Dauphin 2018); 0: all. */
  topK: number;
  // What follows, but for the seed, only in the engine 'whole':
  /** The fewest likeliest whose probabilities reach this (Holtzman et al. 2020); above 0 to 1, default 1: all. */
  topP?: number;
  /** Those at least this part of the likeliest one's probability (Nguyen et al. 2024); 0 to 1, default 0: all. */
  minP?: number;
  /** The fewest of ordinary surprise whose probabilities reach this (Meister et al. 2023); above 0 to 1, default 1: all. */
  typical?: number;
  /** Divides the logits of tokens that were there (Keskar et al. 2019); 0.1 to 10, default 1: off. */
  repetition?: number;
  /** Taken off the logits of tokens that were there; −10 to 10, default 0. */
  presence?: number;
  /** Taken off for every time that a token was there; −10 to 10, default 0. */
  frequency?: number;
  /** The penalties look at so many of the newest tokens, prompt included; default 0: all. */
  penaltyTokens?: number;
  /** A whole number from 0 to 2^53 − 1. */
  seed: number;
}

/** A text: after the prompt at most `tokens` tokens. It ends before `stop`, one text or up to 16, the first that is complete. */
export interface GenerateOptions extends DecodingOptions {
  prompt: string;
  /** 0 to 100,000. */
  tokens: number;
  stop?: string | string[];
  /**
   * How many of the newest tokens are read again when the context is full. Default 0: all that fit, which costs a whole reading for every
   * token from then on; half the context writes many times faster and sees between half and all of it.
   */
  keep?: number;
}

/** A search for likely continuations: of all, the `width` likeliest are followed (Wu et al. 2016, section 7). */
export interface BeamOptions {
  prompt: string;
  /** Continuations that are followed, 1 to 1024; default 4. */
  width?: number;
  /** Tokens behind the prompt, 1 to 1024, less than the context; default 20. */
  length?: number;
  /** Strength of the division by length, 0 to 5; default 0.6. */
  alpha?: number;
  /** One token that finishes a continuation; default none. */
  end?: string;
  /** Children of each node that the tree holds at least, 0 to 1024; default 0: as many as the width. */
  shown?: number;
}

/** One token of a beam search's tree. */
export interface BeamNode {
  /** Place of the token before it; null for the root, the prompt. */
  parent: number | null;
  id: number | null;
  label: string;
  /** Tokens behind the prompt, this one included. */
  depth: number;
  /** ln p of this token, and of all from the prompt on. */
  logP: number;
  total: number;
  /** The total by length: what continuations are compared by at the end. */
  score: number;
  /** In the beam when its step was done, or finished. */
  kept: boolean;
  finished: boolean;
}

/** All that a beam search has looked at. Parents stand before their children; node 0 is the prompt. */
export interface BeamTree {
  /** As it was read. */
  prompt: string;
  nodes: BeamNode[];
  /** Nodes followed at the end, likeliest first. */
  beam: number[];
  /** Nodes finished or followed, best score first, and their texts behind the prompt. */
  ranked: number[];
  texts: string[];
}

/** The steps of a draw in their order; `model` is the softmax of the logits as they come. */
export type DecodingStepName = 'model' | 'penalties' | 'temperature' | 'topK' | 'topP' | 'minP' | 'typical';

/** How one token is chosen, step by step. */
export interface DecodingSteps {
  /** What each step left: how many tokens, and the probabilities of all (vocab). */
  steps: { step: DecodingStepName; kept: number; p: Float32Array }[];
  /** The step that removed a token, by id; null: still there at the end. */
  removedBy: (DecodingStepName | null)[];
  /** Id of the token that the seed draws. */
  drawn: number;
}

/** A trained GPT as the files of a folder that Hugging Face transformers opens as GPT2LMHeadModel. */
export interface HuggingFaceExport {
  files: { name: string; bytes: Uint8Array }[];
  /** What is not as in the model itself, in a sentence each. */
  notes: string[];
}

/** A language model's view of a text of n tokens: attention of every head (L, H, n, n), and the probabilities of the next token. */
export interface LookInside {
  tokens: string[];
  layers: number;
  heads: number;
  attention: Float32Array; // (L, H, n, n)
  next: { label: string; id: number; p: number }[]; // descending, at most 50
}

/**
 * What one step is: a training step (one batch; of a perceptron one example), a pass over all rows (epoch), or less than a training step:
 * the next op whichever it is (node), the next op forward or backward, the rest of a pass, the update that ends the step.
 */
export type Grain =
  'step' | 'epoch' | 'node' | 'forward' | 'backward' | 'forward-pass' | 'backward-pass' | 'update';
/** simd128: the same bits in every browser. relaxed: fused multiply-add where the browser has it; faster, not bit-exact. */
export type Variant = 'simd128' | 'relaxed';
/**
 * 'small': perceptrons, networks, activations. 'digits': networks and drawn digits. 'graph': small graphs of one's own,
 * gradients checked in double. 'text': language models; also with relaxed SIMD. 'whole': all of that, and bare graphs.
 * What stands beside graphs, for Tools.open() and of no use to a session: 'tools-text': tokenizers and n-grams. 'tools-data': data sets.
 * 'tools': both, few bits, memory, tables and pictures.
 */
export type EngineName =
  'small' | 'digits' | 'graph' | 'text' | 'whole' | 'tools' | 'tools-text' | 'tools-data';

/** What a session got: which binary, a worker or the page's own thread, the engine's version. */
export interface Capabilities {
  variant: Variant;
  where: 'worker' | 'main';
  version: string;
}

/** Points for classifiers: `x` (rows, inputs), `t` (rows) of 0 and 1. */
export interface PointData {
  x: number[];
  t: number[];
  inputs: number;
}

/** Truth tables by name, and two clouds of points (blobs). */
export type PointKind = 'and' | 'or' | 'nand' | 'nor' | 'xor' | 'xnor' | 'not-first' | 'blobs';

/** Gates use `inputs`; blobs use all of it. */
export interface PointOptions {
  inputs?: number;
  n?: number;
  separation?: number;
  spread?: number;
  seed?: number;
}
