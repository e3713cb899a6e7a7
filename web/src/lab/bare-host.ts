// The half of a session that lives beside the engine, in a worker or, where none can start, on the page: one engine instance, one run.
// Here is what may be asked of it; driver.ts does the work in slices. It knows no worker and no page: what it has to say goes through `send`.
// Bare: what only the first lessons ask stands in first-host.ts, and of writing text it knows only what it is given (host.ts gives it), so
// that no page carries what its lesson does not use.
import { withSeed } from './changes.ts';
import { doubles, number, word } from './checked.ts';
import { Driver, type WritingKind } from './driver.ts';
import type { Engine } from './engine.ts';
import { LabError } from './errors.ts';
import { noGrain } from './grains.ts';
import type { GraphInfo, GraphOptions, GraphPlan } from './graph-types.ts';
import { Sizing } from './sizing.ts';
import type { HostEvent, HostOptions } from './telling.ts';
import { Training } from './training.ts';
import type {
  BeamOptions,
  BeamTree,
  DecodingOptions,
  DecodingSteps,
  Estimate,
  GenerateOptions,
  Grain,
  HuggingFaceExport,
  Lang,
  LookInside,
  OptimizerConfig,
  Report,
  RunConfig,
  RunInfo,
  Tensor,
  Timeline,
  ViewData,
  ViewSpec,
} from './types.ts';

export type { HostEvent, HostOptions };

export interface RunOptions {
  stepsPerSecond?: number;
  until?: number;
}

function onlyWhole(what: string): LabError {
  return new LabError('bad_state', `${what} the whole engine; open the session with engine: 'whole'`);
}

/** Host and all that build on it; `Writes` where the engine knows language models. */
export class BareHost {
  protected readonly engine: Engine;
  readonly #sizing: Sizing;
  readonly #driver: Driver;

  constructor(engine: Engine, o: HostOptions, Writes?: WritingKind) {
    this.engine = engine;
    this.#sizing = new Sizing(engine, o.limit);
    this.#driver = new Driver(o, Writes);
  }

  // ── making a run ────────────────────────────────────────────────────────────────────────────────────────────────

  version(): string {
    return this.engine.version();
  }

  estimate(config: RunConfig): Estimate {
    return this.#sizing.estimate(config);
  }

  create(config: RunConfig): RunInfo {
    const estimate = this.#sizing.require(config);
    this.#driver.end('another run was created');
    const training = new Training(this.engine, config, estimate);
    this.#driver.begin(training);
    return training.info;
  }

  /** The same run from fresh weights: what create() with that seed would give. Views stay. */
  reset(seed: number): Report {
    const old = this.#driver.training;
    const config = withSeed(old.config, seed);
    const views = old.viewSpecs;
    this.create(config);
    this.#driver.training.watch(views);
    return this.#driver.training.report();
  }

  protected get training(): Training {
    return this.#driver.training;
  }

  /** What the run waited for is there. */
  protected wake(): void {
    this.#driver.turn();
  }

  // ── running ─────────────────────────────────────────────────────────────────────────────────────────────────────

  run(o: RunOptions = {}): void {
    const { training } = this.#driver;
    const until = number('until', o.until, Infinity);
    const stepsPerSecond = Math.max(0, number('stepsPerSecond', o.stepsPerSecond, 0));
    training.branch();
    if (training.status === 'diverged') {
      throw new LabError(
        'bad_state',
        'the run diverged; reset it, go back or load a saved state, with a lower rate',
      );
    }
    this.#driver.run(stepsPerSecond, until);
  }

  pause(): Report {
    const { training } = this.#driver;
    this.#driver.halt();
    return training.report();
  }

  step(n = 1, grain: Grain = 'step'): Promise<Report> {
    const { training } = this.#driver;
    if (!Number.isInteger(n) || n < 0 || n > 1e9) {
      throw new LabError('invalid_argument', `n is ${n}; it must be a whole number from 0 to 1000000000`);
    }
    const ops = grain !== 'step' && grain !== 'epoch';
    const units = ops ? training.unitsOf(grain, n) : Infinity;
    this.#driver.halt();
    if (n > 0) training.branch();
    training.keep();
    const until = ops ? Infinity : this.#goal(training, n, grain);
    training.byOps = ops;
    return this.#driver.step(until, units);
  }

  #goal(training: Training, n: number, grain: Grain): number {
    if (grain === 'step') return training.steps + n;
    const epoch = training.info.epochSteps;
    if (grain !== 'epoch' || !epoch) {
      throw noGrain(grain);
    }
    return (Math.floor(training.steps / epoch) + n) * epoch;
  }

  timeline(): Timeline {
    return this.#driver.training.timeline();
  }

  goTo(step: number): Promise<Report> {
    if (!Number.isInteger(step) || step < 0)
      throw new LabError('invalid_argument', `step is ${step}; it must be a whole number from 0`);
    return this.#driver.goTo(step);
  }

  back(): Report {
    this.#driver.halt();
    this.#driver.training.back();
    return this.#driver.training.report();
  }

  // ── looking and changing ────────────────────────────────────────────────────────────────────────────────────────

  report(): Report {
    return this.#driver.training.report();
  }

  watch(views: ViewSpec[]): Report {
    this.#driver.training.watch(views);
    return this.#driver.training.report();
  }

  tensor(name: string, grad = false): Tensor {
    return this.#driver.training.tensor(word('name', name), grad);
  }

  set(name: string, data: ArrayLike<number>): Report {
    return this.#change((training) => training.run.set(word('name', name), doubles('data', data)));
  }

  restore(bytes: Uint8Array): Report {
    return this.#change((training) => training.run.restore(bytes), 'restored');
  }

  loadWeights(bytes: Uint8Array): Report {
    return this.#change((training) => training.run.load(bytes));
  }

  #change(work: (training: Training) => void, how: 'weights' | 'restored' = 'weights'): Report {
    const { training } = this.#driver;
    const running = training.status === 'running';
    training.branch();
    const before = training.steps;
    work(training);
    training.changed(how, before);
    if (running) training.status = 'running';
    return training.report();
  }

  snapshot(): Uint8Array {
    return this.#driver.training.run.snapshot();
  }

  saveWeights(): Uint8Array {
    return this.#driver.training.run.save();
  }

  weights(): Record<string, Float32Array> {
    const { run, info } = this.#driver.training;
    const named = info.tensors.filter((t) => t.role === 'parameter').map(({ name }) => name);
    return Object.fromEntries(named.map((name) => [name, run.tensor(name, false).data]));
  }

  setWeights(weights: Record<string, ArrayLike<number>>): Report {
    const all = Object.entries(weights).map(([name, data]) => [name, doubles(name, data)] as const);
    return this.#change(({ run }) => {
      for (const [name, data] of all) run.set(name, data);
    });
  }

  configure(changes: Partial<OptimizerConfig> | { rate: number }): void {
    this.#driver.training.configure(changes);
  }

  evaluateRows(x: ArrayLike<number>, tensors: string[]): ViewData {
    return this.#driver.training.run.rows(doubles('x', x), tensors);
  }

  /** Resolves after the last piece was handled. */
  async generate(id: number, o: GenerateOptions): Promise<string> {
    this.#driver.training.gpt();
    const { writing } = this.#driver;
    if (!writing) throw new LabError('bad_state', 'writing needs an engine of language models');
    const text = writing.start(id, o);
    this.#driver.turn();
    const whole = await text;
    await this.#driver.written;
    return whole;
  }

  cancelGenerate(id: number): void {
    this.#driver.writing?.cancel(id);
  }

  look(text: string): LookInside {
    return this.#driver.training.gpt().look(word('text', text));
  }

  // ── beside the run ──────────────────────────────────────────────────────────────────────────────────────────────

  stories(lang: Lang, bytes: number, seed: number): string {
    return this.engine.stories(word('lang', lang), number('bytes', bytes), number('seed', seed));
  }

  /** The grammar of a language's stories, for the engine that has none. */
  teach(lang: Lang, grammar: string): void {
    this.engine.teachStories(word('lang', lang), word('grammar', grammar));
  }

  // ── only in the host of the whole engine, graph-host.ts ─────────────────────────────────────────────────────────

  openGraph(_id: number, _plan: GraphPlan, _options: GraphOptions): GraphInfo {
    throw onlyWhole('graphs need');
  }

  beam(_o: BeamOptions): Promise<BeamTree> {
    throw onlyWhole('a beam search needs');
  }

  decodingSteps(_prompt: string, _o: DecodingOptions): DecodingSteps {
    throw onlyWhole('the steps of a draw need');
  }

  exportHuggingFace(): HuggingFaceExport {
    throw onlyWhole('this export needs');
  }

  close(): void {
    this.#driver.close();
  }
}
