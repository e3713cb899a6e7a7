// The types of the WebAssembly module's table (wasm/src/bindings.cpp), written by hand so that nothing on this side is `any`,
// and how an instance is made. Only host.ts uses an engine; pages talk to a session.
import create from '../../engine/x2g.mjs';
import type { DigitEngine } from './digits.ts';
import { LabError, toLabError } from './errors.ts';
import type { GradientCheck, GraphNode, OpAttributes } from './graph-types.ts';
import type {
  BeamTree,
  DecodingSteps,
  Estimate,
  GraphConfig,
  HuggingFaceExport,
  LookInside,
  Memory,
  RunInfo,
  Tensor,
  Variant,
  ViewData,
} from './types.ts';

export interface OptimizerFields {
  kind: string;
  lr: number;
  momentum: number;
  beta1: number;
  beta2: number;
  eps: number;
  weightDecay: number;
  clip: number;
  warmup: number;
  total: number;
  minLr: number;
  schedule: string;
  clipValue: number;
  alpha: number;
  decayEvery: number;
  gamma: number;
  rise: number;
  div: number;
  finalDiv: number;
}
export interface PerceptronFields {
  inputs: number;
  x: Float32Array;
  t: Float32Array;
  firesAtZero: boolean;
  rate: number;
  shuffled: boolean;
  start: Float64Array;
  seed: number;
}
export interface MlpFields {
  sizes: Float64Array;
  hidden: string;
  output: string;
  loss: string;
  init: string;
  initA: number;
  bias: boolean;
  shuffled: boolean;
  batch: number;
  x: Float32Array;
  t: Float32Array;
  optimizer: OptimizerFields;
  seed: number;
}
export interface GptFields {
  layers: number;
  heads: number;
  channels: number;
  context: number;
  batch: number;
  shares: number; // equal ones of each batch; a divisor of it
  bias: boolean;
  geluErf: boolean;
  tokenizer: string;
  language: string;
  text: string;
  storyBytes: number;
  storySeed: number;
  validation: number;
  optimizer: OptimizerFields;
  seed: number;
}
export interface SamplingFields {
  prompt: string;
  temperature: number;
  topK: number;
  topP: number;
  minP: number;
  typical: number;
  repetition: number;
  presence: number;
  frequency: number;
  penaltyTokens: number;
  keep: number;
  seed: number;
}
export interface BeamFields {
  prompt: string;
  end: string;
  width: number;
  length: number;
  alpha: number;
  shown: number;
}
export interface Numbers {
  step: number;
  loss: number;
  lr: number;
  gradNorm: number;
  finished: number;
  diverged: number;
  tensor: string;
  gradient: number;
  phase: '' | 'batch' | 'forward' | 'backward' | 'update';
  node: string;
  nodeIndex: number;
}
export interface PerceptronState {
  rows: Float64Array;
  width: number;
  mistakes: number;
  epochs: number;
  converged: boolean;
  cycles: boolean;
  cycleLength: number;
  wrong: number;
  weights: Float64Array;
  separable: boolean;
  radius: number;
  margin: number;
  bound: number;
}

/** What info() gives; limit and fits are the host's. */
export type EngineInfo = Omit<RunInfo, 'limit' | 'fits'>;

export interface EngineRun {
  info(): EngineInfo;
  unitsPerStep(): number;
  epochSteps(): number; // 0: none
  steps(): number;
  work(units: number, until: number): number;
  numbers(): Numbers;
  history(): { step: Float64Array; loss: Float64Array };
  tensor(name: string, grad: boolean): Tensor;
  set(name: string, values: Float64Array): void;
  rows(x: Float32Array | Float64Array, tensors: string[]): ViewData;
  snapshot(): Uint8Array;
  restore(bytes: Uint8Array): void;
  save(): Uint8Array;
  load(bytes: Uint8Array): void;
  delete(): void;
  /** Nothing to do until others have sent their part of a step (parallel-run.ts). */
  readonly waits?: boolean;
}
export interface PerceptronRun extends EngineRun {
  setRate(rate: number): void;
  state(): PerceptronState;
}
export interface TrainerRun extends EngineRun {
  configure(fields: OptimizerFields): void;
  check(name: string, index: number, h: number): GradientCheck;
}
export interface GptRun extends TrainerRun {
  beginEvaluation(validation: boolean, index: number): void;
  advanceEvaluation(): number | null; // one node; the loss after the last
  begin(fields: SamplingFields): string;
  next(): Uint8Array;
  look(text: string): LookInside;
}
/** As the engine has it: a batch in shares (parallel-run.ts). */
export interface SharingRun extends GptRun {
  /**
   * Begins that share of the batch, or, where the index is negative, takes the whole batch's loss. The gradients where they lie: good until
   * the next call.
   */
  share(index: number, loss: number): Float32Array;
}

/** A model's fields with the kinds of their values, one list each. */
export interface ModelFields {
  names: string[];
  kinds: string[];
  values: unknown[];
}

/** One beam search over one run. */
export interface Beam {
  advance(): boolean;
  tree(): BeamTree;
  delete(): void;
}

export interface GraphBuilder {
  model(name: string, config: ModelFields): void;
  lora(config: ModelFields): void;
  input(name: string, shape: number[]): number;
  parameter(name: string, shape: number[], init: string, a: number, decay: boolean): number;
  buffer(name: string, shape: number[], init: string, a: number): number;
  op(kind: string, name: string, inputs: number[], attributes: OpAttributes): number;
  find(name: string): number;
  memory(stateSlots: number): Memory;
  info(): Pick<RunInfo, 'tensors' | 'parameterCount'> & { nodes: GraphNode[] };
  delete(): void;
}
export interface Graph {
  initialize(seed: number): void;
  forward(): number;
  backward(): void;
  accumulate(share: number): void;
  check(name: string, index: number, h: number): GradientCheck;
  setTraining(on: boolean): void;
  setStep(step: number): void;
  nodes(): number;
  forwardNode(i: number): void;
  backwardNode(i: number): void;
  zeroGrad(): void;
  seedLoss(): void;
  value(id: number): Float32Array;
  grad(id: number): Float32Array;
  view(id: number): Float32Array;
  set(id: number, values: ArrayLike<number>): void;
  update(optimizer: OptimizerFields, step: number): number;
  nonFinite(): string;
  delete(): void;
}

/** Runs of graphs of one's own: what plan-host.ts adds to an engine that has their table. */
export interface PlanRuns {
  estimate(config: GraphConfig): Pick<Estimate, 'parameterCount' | 'memory'> & { vocab: number };
  run(config: GraphConfig, limit: number): TrainerRun;
}

export interface EnginePoints {
  x: Float32Array;
  t: Float32Array;
  inputs: number;
}

export interface Engine {
  PerceptronRun: new (fields: PerceptronFields) => PerceptronRun;
  MlpRun: new (fields: MlpFields, memoryLimit: number) => TrainerRun;
  GptRun: new (fields: GptFields, memoryLimit: number) => SharingRun;
  estimateMlp(fields: MlpFields): { parameterCount: number; memory: Memory; vocab: number };
  measureCorpus(fields: GptFields): { vocab: number; tokens: number };
  estimateGpt(
    fields: GptFields,
    vocab: number,
    tokens: number,
  ): { parameterCount: number; memory: Memory; vocab: number };
  GraphBuilder: new () => GraphBuilder;
  Graph: new (builder: GraphBuilder, stateSlots: number, memoryLimit: number) => Graph;
  GraphRun: new (
    builder: GraphBuilder,
    optimizer: OptimizerFields,
    seed: number,
    memoryLimit: number,
  ) => TrainerRun;
  plans?: PlanRuns;
  Beam: new (run: GptRun, fields: BeamFields) => Beam;
  decodingSteps(run: GptRun, fields: SamplingFields): DecodingSteps;
  exportHf(run: GptRun): HuggingFaceExport;
  gate(name: string, inputs: number): EnginePoints;
  blobs(n: number, separation: number, spread: number, seed: number, inputs: number): EnginePoints;
  stories(language: string, bytes: number, seed: number): string;
  /** In the language models' engine, which has no grammars of its own. */
  teachStories(language: string, grammar: string): void;
  activation(name: string, x: Float32Array): { y: Float32Array; dy: Float32Array };
  digits: DigitEngine['digits'];
  fitDigit: DigitEngine['fitDigit'];
  ActivationBench: new (
    name: string,
    elements: number,
    derivative: boolean,
  ) => { run(repeats: number): void; delete(): void };
  version(): string;
  variant(): string;
}

/** A compiled module, shared by every worker of the page; or the bytes, where a module cannot be handed over. */
export interface EngineSource {
  variant: Variant;
  wasm: WebAssembly.Module | ArrayBuffer;
}

/** What the table of one engine or another lacks. */
const notEverywhere = [
  ...['PerceptronRun', 'MlpRun', 'estimateMlp', 'gate', 'blobs', 'activation', 'ActivationBench'],
  ...['GptRun', 'measureCorpus', 'estimateGpt', 'stories', 'GraphBuilder', 'GraphRun', 'Graph'],
  ...['Beam', 'decodingSteps', 'exportHf', 'digits', 'fitDigit', 'teachStories'],
];

function missing(name: string): never {
  throw new LabError(
    'bad_state',
    `this engine was built without ${name}; open the session with engine: 'whole'`,
  );
}

function completed(engine: Engine): Engine {
  const table = engine as unknown as Record<string, unknown>;
  // A function and no arrow: it is called with `new`, too.
  for (const name of notEverywhere) {
    table[name] ??= function () {
      missing(name);
    };
  }
  return engine;
}

/**
 * A fresh instance with memory of its own. A trapped one is thrown away, never used again.
 * All binaries have the same glue (a test compares the files): only one travels.
 */
export async function instantiate(source: EngineSource): Promise<Engine> {
  return new Promise<Engine>((resolve, reject) => {
    create({
      instantiateWasm(imports, receive) {
        const wasm = source.wasm;
        const made: Promise<WebAssembly.Instance> =
          wasm instanceof WebAssembly.Module
            ? WebAssembly.instantiate(wasm, imports)
            : WebAssembly.instantiate(wasm, imports).then((result) => result.instance);
        made.then((instance) => receive(instance), reject);
        return {};
      },
    }).then((engine) => resolve(completed(engine)), reject);
  }).catch((reason: unknown) => {
    throw toLabError(reason);
  });
}
