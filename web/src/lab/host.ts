// The half of a session that lives beside the engine, in a worker or, where none can start, on the page: one engine instance, one run.
// It works in slices and lets the event loop turn between them, so that any call is answered within one slice.
// It knows no worker and no page: what it has to say goes through `send`.
import { timeActivation } from './activation-timing.ts';
import type { Engine, EnginePoints } from './engine.ts';
import { LabError, toLabError } from './errors.ts';
import { withSeed } from './changes.ts';
import type { GraphInfo, GraphOptions, GraphPlan } from './graph-types.ts';
import { doubles, floats, number, word } from './checked.ts';
import { Breath, Tempo } from './pacer.ts';
import { Sizing } from './sizing.ts';
import { Training } from './training.ts';
import type {
  ActivationName,
  Estimate,
  GenerateOptions,
  Grain,
  Lang,
  LookInside,
  OptimizerConfig,
  PointData,
  PointKind,
  PointOptions,
  Report,
  RunConfig,
  RunInfo,
  Tensor,
  ViewData,
  ViewSpec,
} from './types.ts';
import { Writing } from './writing.ts';

export type HostEvent =
  | { kind: 'report'; report: Report }
  | { kind: 'snapshot'; step: number; bytes: Uint8Array }
  | { kind: 'text'; id: number; piece: string }
  | { kind: 'beat' }
  | { kind: 'failed'; code: LabError['code']; message: string };

export interface HostOptions {
  sliceMs: number;
  limit: number; // bytes
  /** Resolves when the event was handled: the next report waits for it. */
  send(event: HostEvent): Promise<void>;
}

export interface RunOptions {
  stepsPerSecond?: number;
  until?: number;
}

interface Drive {
  tempo: Tempo | undefined;
  until: number;
  units: number; // left to do
  settle?: (result: Report | LabError) => void; // a step() that waits
}

const frameMs = 16;
const beatMs = 1000;
const keepMs = 250;
const snapshotMs = 2000;
const now = (): number => performance.now();

export class Host {
  private readonly engine: Engine;
  private readonly o: HostOptions;
  private readonly sizing: Sizing;
  private readonly breath = new Breath();
  private readonly writing: Writing;
  private training: Training | undefined;
  private drive: Drive | undefined;
  private lastPiece = Promise.resolve();
  private turning = false;
  private closed = false;
  private reporting = false; // a report is on its way
  private owed = false; // the end of a run is always reported
  private last = {
    report: -Infinity,
    beat: -Infinity,
    keep: -Infinity,
    snapshot: -Infinity,
    step: -1,
    cost: 0,
  };

  constructor(engine: Engine, o: HostOptions) {
    this.engine = engine;
    this.o = o;
    this.sizing = new Sizing(engine, o.limit);
    this.writing = new Writing((id, piece) => {
      this.lastPiece = o.send({ kind: 'text', id, piece });
    });
  }

  // ── making a run ────────────────────────────────────────────────────────────────────────────────────────────────

  version(): string {
    return this.engine.version();
  }

  estimate(config: RunConfig): Estimate {
    return this.sizing.estimate(config);
  }

  create(config: RunConfig): RunInfo {
    const estimate = this.sizing.require(config);
    this.end('another run was created');
    this.training = new Training(this.engine, config, estimate);
    this.last.step = -1;
    this.last.snapshot = now();
    return this.training.info;
  }

  /** The same run from fresh weights: what create() with that seed would give. Views stay. */
  reset(seed: number): Report {
    const old = this.present();
    const config = withSeed(old.config, seed);
    const views = old.viewSpecs;
    this.create(config);
    this.present().watch(views);
    return this.present().report();
  }

  // ── running ─────────────────────────────────────────────────────────────────────────────────────────────────────

  run(o: RunOptions = {}): void {
    const training = this.present();
    const until = number('until', o.until, Infinity);
    const tempo = new Tempo(Math.max(0, number('stepsPerSecond', o.stepsPerSecond, 0)), now());
    if (training.status === 'diverged') {
      throw new LabError(
        'bad_state',
        'the run diverged; reset it, go back or load a saved state, with a lower rate',
      );
    }
    this.settle();
    training.status = 'running';
    training.clearSpeed();
    this.drive = { tempo, until, units: Infinity };
    this.turn();
  }

  pause(): Report {
    const training = this.present();
    this.halt();
    return training.report();
  }

  step(n = 1, grain: Grain = 'step'): Promise<Report> {
    const training = this.present();
    if (!Number.isInteger(n) || n < 0 || n > 1e9) {
      throw new LabError('invalid_argument', `n is ${n}; it must be a whole number from 0 to 1000000000`);
    }
    this.halt();
    training.keep();
    const until = this.goal(training, n, grain);
    return new Promise((resolve, reject) => {
      training.status = 'running';
      this.drive = {
        tempo: undefined,
        until,
        units: grain === 'node' ? n : Infinity,
        settle: (result) => (result instanceof LabError ? reject(result) : resolve(result)),
      };
      this.turn();
    });
  }

  private goal(training: Training, n: number, grain: Grain): number {
    if (grain === 'node') return Infinity;
    if (grain === 'step') return training.steps + n;
    const epoch = training.info.epochSteps;
    if (grain !== 'epoch' || !epoch) {
      throw new LabError('bad_state', `this run has no "${grain}" to step by; step by "step" or "node"`);
    }
    return (Math.floor(training.steps / epoch) + n) * epoch;
  }

  back(): Report {
    this.halt();
    this.present().back();
    return this.present().report();
  }

  // ── looking and changing ────────────────────────────────────────────────────────────────────────────────────────

  report(): Report {
    return this.present().report();
  }

  watch(views: ViewSpec[]): Report {
    this.present().watch(views);
    return this.present().report();
  }

  tensor(name: string, grad = false): Tensor {
    return this.present().run.tensor(word('name', name), grad);
  }

  set(name: string, data: ArrayLike<number>): Report {
    return this.change((training) => training.run.set(word('name', name), doubles('data', data)));
  }

  restore(bytes: Uint8Array): Report {
    return this.change((training) => training.run.restore(bytes));
  }

  loadWeights(bytes: Uint8Array): Report {
    return this.change((training) => training.run.load(bytes));
  }

  private change(work: (training: Training) => void): Report {
    const training = this.present();
    const running = training.status === 'running';
    work(training);
    training.changed();
    if (running) training.status = 'running';
    return training.report();
  }

  snapshot(): Uint8Array {
    return this.present().run.snapshot();
  }

  saveWeights(): Uint8Array {
    return this.present().run.save();
  }

  configure(changes: Partial<OptimizerConfig> | { rate: number }): void {
    this.present().configure(changes);
  }

  checkGradient(name: string, index: number): { analytic: number; numeric: number; relativeError: number } {
    return this.present().trainer().check(word('name', name), number('index', index));
  }

  evaluateRows(x: ArrayLike<number>, tensors: string[]): ViewData {
    return this.present().run.rows(doubles('x', x), tensors);
  }

  /** Resolves after the last piece was handled. */
  async generate(id: number, o: GenerateOptions): Promise<string> {
    this.present().gpt();
    const text = this.writing.start(id, o);
    this.turn();
    const whole = await text;
    await this.lastPiece;
    return whole;
  }

  cancelGenerate(id: number): void {
    this.writing.cancel(id);
  }

  look(text: string): LookInside {
    return this.present().gpt().look(word('text', text));
  }

  // ── beside the run ──────────────────────────────────────────────────────────────────────────────────────────────

  activation(name: ActivationName, x: ArrayLike<number>): { y: Float32Array; dy: Float32Array } {
    return this.engine.activation(word('name', name), floats('x', x));
  }

  timeActivation(
    name: ActivationName,
    elements: number,
    direction: 'forward' | 'derivative',
  ): Promise<number> {
    return timeActivation(this.engine, name, elements, direction === 'derivative');
  }

  stories(lang: Lang, bytes: number, seed: number): string {
    return this.engine.stories(word('lang', lang), number('bytes', bytes), number('seed', seed));
  }

  points(kind: PointKind, o: PointOptions = {}): PointData {
    const inputs = number('inputs', o.inputs, 2);
    let made: EnginePoints;
    if (kind === 'blobs') {
      const n = number('n', o.n, 100);
      const separation = number('separation', o.separation, 2);
      made = this.engine.blobs(
        n,
        separation,
        number('spread', o.spread, 0.5),
        number('seed', o.seed, 1),
        inputs,
      );
    } else made = this.engine.gate(word('kind', kind), inputs);
    return { x: Array.from(made.x), t: Array.from(made.t), inputs: made.inputs };
  }

  /** Only the host of the whole engine keeps graphs: see graph-host.ts. */
  openGraph(_plan: GraphPlan, _options: GraphOptions): { id: number; info: GraphInfo } {
    throw new LabError('bad_state', "graphs need the whole engine; open the session with engine: 'whole'");
  }

  close(): void {
    this.end('the session was closed');
    this.closed = true;
    this.breath.close();
  }

  // ── the loop ────────────────────────────────────────────────────────────────────────────────────────────────────

  private present(): Training {
    if (!this.training) throw new LabError('bad_state', 'there is no run yet; create one first');
    return this.training;
  }

  /** Stops driving; the run stands where it is. */
  private halt(): void {
    const training = this.present();
    this.settle();
    if (training.status === 'running') training.status = training.steps === 0 ? 'ready' : 'paused';
    this.breath.cancel();
  }

  private settle(error?: LabError): void {
    const { drive } = this;
    this.drive = undefined;
    if (!drive?.settle) return;
    if (this.training?.status === 'running') this.training.status = 'paused';
    drive.settle(error ?? this.present().report());
  }

  private end(why: string): void {
    const error = new LabError('bad_state', why);
    this.settle(error);
    this.writing.rejectAll(error);
    this.training?.delete();
    this.training = undefined;
    this.owed = false;
  }

  /** Starts the loop if it does not turn already. It turns as long as there is something to do. */
  private turn(): void {
    this.breath.cancel();
    if (this.turning || this.closed) return;
    this.turning = true;
    void this.loop();
  }

  private async loop(): Promise<void> {
    try {
      await this.breath.take(0); // the caller gets its answer first
      while (!this.closed && (this.drive || this.writing.pending || this.owed)) {
        const wait = this.slice();
        this.tell();
        await this.breath.take(this.owed ? frameMs : wait);
      }
    } catch (thrown) {
      this.fail(toLabError(thrown));
    } finally {
      this.turning = false; // in the same turn as the last look at what there is to do
    }
  }

  /** One slice of work; returns for how long there is nothing to do, in ms. */
  private slice(): number {
    const start = now();
    const { training } = this;
    if (!training) return 0;
    if (this.writing.pending) {
      const share = this.drive ? this.o.sliceMs / 2 : this.o.sliceMs;
      do this.writing.advance(training.gpt());
      while (this.writing.pending && now() - start < share);
    }
    if (!this.drive) return 0;
    if (training.evaluation?.pending) {
      if (training.evaluate(this.o.sliceMs, now)) this.last.step = -1; // worth a report of its own
      return 0;
    }
    return this.train(training, this.drive, Math.max(1, this.o.sliceMs - (now() - start)));
  }

  private train(training: Training, drive: Drive, ms: number): number {
    const due = drive.tempo?.due(now()) ?? Infinity;
    if (due <= 0) return drive.tempo?.wait(now()) ?? 0;
    // A run that is over stays over; step() may still look at how nothing changes.
    if (!drive.settle && training.ended(drive.until)) return this.finish(training, drive);
    const before = training.steps;
    const goal = Math.min(drive.until, before + due);
    const { units, stuck } = training.work(ms, drive.units, goal, now);
    drive.units -= units;
    drive.tempo?.count(training.steps - before);
    training.markSpeed(now());
    const open = !stuck && drive.units > 0 && training.steps < drive.until;
    return open || training.evaluation?.pending ? 0 : this.finish(training, drive);
  }

  private finish(training: Training, drive: Drive): number {
    const ended = training.ended(drive.until);
    const step = drive.settle !== undefined;
    training.status =
      ended === 'diverged' || training.finished ? (ended ?? 'done') : step ? 'paused' : 'done';
    if (step) this.settle();
    else this.owed = true;
    this.drive = undefined;
    return 0;
  }

  /** Reports (at most one a frame, and none before the last one was handled), heartbeats, kept states, snapshots. */
  private tell(): void {
    const { training } = this;
    const at = now();
    if (at - this.last.beat >= beatMs) {
      this.last.beat = at;
      void this.o.send({ kind: 'beat' });
    }
    if (!training) return;
    if (this.drive && at - this.last.keep >= keepMs) {
      this.last.keep = at;
      training.keep();
    }
    if (this.drive && at - this.last.snapshot >= snapshotMs) this.snap(training, at);
    const step = training.steps;
    const pause = Math.max(frameMs, 4 * this.last.cost);
    if (this.reporting) return;
    if (
      !this.owed &&
      (step === this.last.step || at - this.last.report < (this.drive?.settle ? 4 : 1) * pause)
    )
      return;
    this.owed = false;
    this.last.step = step;
    this.last.report = at;
    const report = training.report();
    this.last.cost = now() - at;
    this.reporting = true;
    void this.o.send({ kind: 'report', report }).finally(() => {
      this.reporting = false;
    });
  }

  /** A copy of the state for the other side, so that a dead worker costs seconds, not the run. Rarer for large models. */
  private snap(training: Training, at: number): void {
    this.last.snapshot = at;
    if (training.status === 'diverged') return;
    try {
      const bytes = training.run.snapshot();
      this.last.snapshot = at + bytes.length / 1e4;
      void this.o.send({ kind: 'snapshot', step: training.steps, bytes });
    } catch (thrown) {
      const error = toLabError(thrown);
      if (error.code !== 'out_of_memory') throw error;
      this.last.snapshot = Infinity; // no room for a copy: the run goes on without
    }
  }

  /** The engine is not to be trusted any more. */
  private fail(error: LabError): void {
    this.drive?.settle?.(error);
    this.drive = undefined;
    this.writing.rejectAll(error);
    this.training = undefined;
    void this.o.send({ kind: 'failed', code: error.code, message: error.message });
  }
}
