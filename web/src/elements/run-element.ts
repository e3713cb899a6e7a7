/**
 * Second layer of a demo: its session and the run in it. Opens near the viewport, sleeps off-screen, ends when the element is removed;
 * run, pause, step, back, reset; reports in, events out. Calls to the core go one after another through one queue.
 * Nothing here draws: lab-element.ts does.
 */
import {
  Session,
  type EngineName,
  type Grain,
  type OpenOptions,
  type OptimizerConfig,
  type Report,
  type RunConfig,
  type RunInfo,
  type ViewSpec,
} from '../lab/index.ts';
import { History } from './history.ts';
import { OptionElement } from './option-element.ts';
import type { OptionTable } from './option.ts';
import { LabError, toLabError } from './problem.ts';
import { REPLAY_MAX } from './state.ts';
import { reducedMotion, watchVisibility } from './visibility.ts';

/** Longest that a demo may run by itself, ms. */
const AUTOPLAY_MS = 5000;
/** With reduced motion pictures change at most this often, ms. */
const CALM_MS = 500;

interface Deferred {
  promise: Promise<void>;
  resolve(): void;
  reject(reason: unknown): void;
}
function deferred(): Deferred {
  const out: Partial<Deferred> = {};
  out.promise = new Promise<void>((resolve, reject) => Object.assign(out, { resolve, reject }));
  out.promise.catch(() => undefined); // nobody may be waiting; the failure is shown in place
  return out as Deferred;
}

export abstract class RunElement<O extends OptionTable = OptionTable> extends OptionElement<O> {
  /** Steps a second that the speed control offers; 0 = as fast as it can. */
  static speeds: readonly number[] = [1, 5, 30, 200, 0];
  /** The speed at the start: one of `speeds`. */
  static speed = 30;
  /** The engine it needs: 'text' for language models, which the small one leaves out; each is all that its page loads. */
  static engine: EngineName = 'small';

  /** The run to train: from this.opt and this.seed. */
  protected abstract config(): RunConfig;
  /** What every report should carry for the picture. */
  protected views(): ViewSpec[] {
    return [];
  }
  /** The step at which a run ends by itself; undefined = never. */
  protected limit(): number | undefined {
    return undefined;
  }
  /** true: the demo runs by itself for at most 5 s when it is first seen (never with reduced motion or from a link). */
  protected autoplay(): boolean {
    return false;
  }
  /** false: training goes on while the demo is scrolled out of sight (long runs that the reader waits for). */
  protected sleepsOffscreen(): boolean {
    return true;
  }
  /** Which binary trains: 'simd128' gives the same bits everywhere. */
  protected variant(): 'simd128' | 'relaxed' | 'auto' {
    return 'simd128';
  }
  /** Called after each (re)build and report, before drawing: place for derived figures. */
  protected reported(_report: Report): void {}
  /** Called when the first report of another run is taken, before reported(): what was said about the run before is over. */
  protected begun(): void {}
  /** Called after a build, when tensors can be set or read for the first time; may await session calls. */
  protected async built(_session: Session): Promise<void> {}

  /** The newest report; undefined until the engine is ready. */
  report: Report | undefined;
  /** What the core said about the present run: parameters, memory, tensors. */
  protected info: RunInfo | undefined;
  protected session: Session | undefined;
  protected failure: LabError | undefined;
  protected stepsPerSecond: number;
  protected readonly history = new History();
  #ready = deferred();
  #queue: Promise<unknown> = Promise.resolve();
  #opening: Promise<void> | undefined;
  #rebuilding: Promise<void> | undefined;
  #building = false;
  #running = false;
  #asleep = false;
  #near: boolean | undefined;
  #touched = false;
  #exact = true;
  #abort = new AbortController();
  #extra = new Set<Session>();
  #leave: (() => void) | undefined;
  #calm: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.stepsPerSecond = (this.constructor as typeof RunElement).speed;
  }

  /** Resolves when the run can be used. Asking for it opens the engine even off-screen. */
  get ready(): Promise<void> {
    if (this.isConnected) void this.open().catch(() => undefined);
    return this.#ready.promise;
  }
  /** true from run() until pause(), the end of the run or a failure; sleeping off-screen does not change it. */
  get running(): boolean {
    return this.#running;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#leave = watchVisibility(this, (near) => this.#seen(near));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave?.();
    this.#leave = undefined;
    // A move within the document disconnects and connects in one go: look again once it is over.
    queueMicrotask(() => {
      if (!this.isConnected) this.#close();
    });
  }

  #seen(near: boolean): void {
    this.#near = near;
    if (near) void this.open().catch(() => undefined);
    if (!this.session || !this.#running || !this.sleepsOffscreen()) return;
    if (!near && !this.#asleep) {
      this.#asleep = true;
      void this.enqueue((session) => session.pause()).catch(() => undefined);
    } else if (near && this.#asleep) {
      this.#asleep = false;
      void this.#start().catch(() => undefined);
    }
  }

  #close(): void {
    this.startStep = this.replayableStep();
    this.#abort.abort();
    this.session?.dispose();
    for (const session of this.#extra) session.dispose();
    this.#extra.clear();
    clearTimeout(this.#calm);
    this.session = undefined;
    this.info = undefined;
    this.report = undefined;
    this.#opening = undefined;
    this.#rebuilding = undefined;
    this.#queue = Promise.resolve();
    this.#running = false;
    this.#asleep = false;
    this.#ready = deferred();
    this.#ready.promise.catch(() => undefined);
    this.#abort = new AbortController();
    this.requestUpdate();
  }

  /** Opens the session and builds the first run, once. */
  protected open(): Promise<void> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  #parts(signal: AbortSignal): OpenOptions {
    const { engine } = this.constructor as typeof RunElement;
    return { variant: this.variant(), engine, signal };
  }

  async #open(): Promise<void> {
    const { signal } = this.#abort;
    try {
      this.failure = undefined;
      const step = (await this.readStart()) || this.startStep;
      const session = await Session.open(this.#parts(signal));
      if (signal.aborted) {
        session.dispose();
        return;
      }
      this.session = session;
      session.onReport((report) => {
        if (this.session === session && !this.#building) this.#accept(report);
      });
      session.onFailure((error, recovered) => {
        if (this.session === session) this.#engineDied(error, recovered);
      });
      this.startStep = step;
      await this.enqueue(() => this.#build(session));
      this.#ready.resolve();
      this.#emit('x2g-ready');
      const quiet = step > 0 || this.#touched || this.notice !== undefined || reducedMotion();
      if (!quiet && this.autoplay()) this.#play();
    } catch (reason) {
      if (signal.aborted) return;
      this.#opening = undefined;
      const error = toLabError(reason);
      this.#ready.reject(error);
      this.#ready = deferred();
      this.session?.dispose();
      this.session = undefined;
      this.fail(error);
      throw error;
    }
  }

  #play(): void {
    void this.#start().catch(() => undefined);
    const { signal } = this.#abort;
    setTimeout(() => {
      if (signal.aborted || this.#touched || !this.#running) return;
      void this.#halt().catch(() => undefined);
    }, AUTOPLAY_MS);
  }

  /** Runs `work` after everything asked for before it. Rejects when the element was removed meanwhile. */
  protected enqueue<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const { signal } = this.#abort;
    const next = this.#queue.then(() => {
      if (signal.aborted || !this.session)
        throw new LabError('bad_state', 'The demo was removed from the page.');
      return work(this.session);
    });
    this.#queue = next.catch(() => undefined);
    return next;
  }

  async #build(session: Session): Promise<void> {
    const step = this.startStep;
    this.startStep = 0;
    this.#building = true;
    try {
      this.failure = undefined;
      this.info = await session.create(this.config());
      this.history.clear();
      this.#exact = true;
      this.#asleep = false;
      await this.built(session);
      let report = await session.watch(this.views());
      if (step > 0) {
        this.history.take(report);
        report = await session.step(Math.min(step, REPLAY_MAX));
      }
      this.#accept(report, true);
    } finally {
      this.#building = false;
    }
  }

  /** Builds the run again from this.opt and this.seed; goes on running if it ran. */
  protected rebuild(step = 0): Promise<void> {
    this.startStep = step;
    if (!this.session) return this.isConnected ? this.open().catch(() => undefined) : Promise.resolve();
    if (this.#rebuilding) return this.#rebuilding;
    const again = this.#running && step === 0;
    this.#running = false;
    const work = this.enqueue(async (session) => {
      this.#rebuilding = undefined;
      await this.#build(session);
    })
      .then(() => (again ? this.#start() : undefined))
      .catch((reason: unknown) => this.fail(toLabError(reason)));
    this.#rebuilding = work;
    return work;
  }

  /** Sends views() again: call it when they change without a rebuild. */
  protected async rewatch(): Promise<void> {
    if (!this.session) return;
    await this.#attempt(() =>
      this.enqueue(async (session) => this.#accept(await session.watch(this.views()))),
    );
  }

  protected override stateChanged(what: 'seed' | 'options' | 'state', changed: string[], step = 0): void {
    const kinds = changed.map((name) => this.kind.options[name]);
    const small = what === 'options' && kinds.every((o) => o?.view || o?.live);
    if (small && !this.session) return; // still opening: the first build reads the new value
    if (what === 'options' && kinds.every((o) => o?.view)) {
      void this.rewatch().catch(() => undefined);
    } else if (small) {
      void this.#attempt(() => this.enqueue((session) => session.configure(this.live()))).catch(
        () => undefined,
      );
      if ((this.report?.step ?? 0) > 0) this.#exact = false;
    } else void this.rebuild(step);
  }

  /** What configure() is told after a live option changed. */
  protected live(): Partial<OptimizerConfig> | { rate: number } {
    const c = this.config();
    return c.kind === 'perceptron' ? { rate: c.rate } : c.optimizer;
  }

  #accept(report: Report, first = false): void {
    this.report = report;
    if (first) this.begun();
    this.history.take(report);
    const ended = this.#running && (report.status === 'done' || report.status === 'diverged');
    if (ended) this.#running = false;
    this.reported(report);
    this.#redraw();
    this.#emit('x2g-step');
    if (ended) this.#emit('x2g-done');
  }

  #redraw(): void {
    if (!this.#running || !reducedMotion()) return this.requestUpdate();
    this.#calm ??= setTimeout(() => {
      this.#calm = undefined;
      this.requestUpdate();
    }, CALM_MS);
  }

  #emit(type: 'x2g-ready' | 'x2g-step' | 'x2g-done' | 'x2g-error', error?: LabError): void {
    const detail = error ? { error, code: error.code, message: error.message } : { report: this.report };
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }

  /** An error that ends the run: shown in place with a retry. */
  protected fail(error: LabError): void {
    this.failure = error;
    this.#running = false;
    this.requestUpdate();
    this.#emit('x2g-error', error);
  }

  /** The engine died: the session has started another from its last snapshot, or says that it could not. */
  #engineDied(error: LabError, recovered: boolean): void {
    if (recovered) {
      this.notice = { title: '', message: this.s('recovered') };
      this.requestUpdate();
      return;
    }
    this.session?.dispose();
    this.session = undefined;
    this.#opening = undefined; // a retry opens another one
    this.fail(error);
  }

  /** Does it and shows what goes wrong. When the element was removed meanwhile there is nothing to tell anyone. */
  async #attempt(work: () => Promise<unknown>): Promise<void> {
    const { signal } = this.#abort;
    try {
      await work();
    } catch (reason) {
      if (signal.aborted || !this.session) return;
      const error = toLabError(reason);
      if (error.code === 'bad_state' || error.code === 'invalid_argument') {
        this.notice = { title: '', message: error };
        this.requestUpdate();
      } else this.fail(error);
      throw error;
    }
  }

  #start(): Promise<void> {
    if (!this.session) return Promise.resolve(); // removed since it was asked for
    this.#running = true;
    this.#asleep = false;
    this.notice = undefined;
    this.requestUpdate();
    const until = this.limit();
    return this.#attempt(() =>
      this.enqueue(async (session) => {
        if (!this.#running) return;
        if (this.report?.status === 'done' || this.report?.status === 'diverged') await this.#fresh(session);
        if (this.#near === false && this.sleepsOffscreen()) {
          this.#asleep = true;
          return;
        }
        await session.run({ stepsPerSecond: this.stepsPerSecond, ...(until === undefined ? {} : { until }) });
      }),
    ).catch((reason: unknown) => {
      this.#running = false;
      this.requestUpdate();
      throw reason;
    });
  }

  /** Fresh weights from the seed, and what the lesson sets on them. */
  async #fresh(session: Session): Promise<void> {
    this.history.clear();
    this.#exact = true;
    this.history.take(await session.reset(this.seed));
    await this.built(session);
    this.#accept(await session.report(), true);
  }

  #halt(): Promise<void> {
    this.#running = false;
    this.#asleep = false;
    this.requestUpdate();
    return this.#attempt(() => this.enqueue(async (session) => this.#accept(await session.pause())));
  }

  /** Opens for a call from outside; false when the element was removed meanwhile. */
  async #opened(): Promise<boolean> {
    const { signal } = this.#abort;
    this.#touched = true;
    await this.open();
    return !signal.aborted;
  }

  /** Starts training; resolves when it has started. A finished run starts over. */
  async run(): Promise<void> {
    if (!(await this.#opened())) return;
    await this.#start();
  }

  async pause(): Promise<void> {
    this.#touched = true;
    if (this.session) await this.#halt();
  }

  /** Makes n steps of the given grain and waits for them. */
  async step(n = 1, grain: Grain = 'step'): Promise<void> {
    if (!(await this.#opened())) return;
    this.#running = false;
    if (grain !== 'step') this.#exact = false;
    await this.#attempt(() => this.enqueue(async (session) => this.#accept(await session.step(n, grain))));
    if (this.report?.status === 'done' || this.report?.status === 'diverged') this.#emit('x2g-done');
  }

  /** One step back, where the core kept the state before. */
  async back(): Promise<void> {
    if (!(await this.#opened())) return;
    this.#running = false;
    await this.#attempt(() => this.enqueue(async (session) => this.#accept(await session.back())));
  }

  /** Fresh weights: from the same seed, or from another one. */
  async reset(o: { seed?: number } = {}): Promise<void> {
    if (!(await this.#opened())) return;
    this.#running = false;
    this.notice = undefined;
    if (o.seed !== undefined && o.seed !== this.seed) {
      this.seed = o.seed; // rebuilds: data may hang on the seed as well
      await this.#rebuilding;
      return;
    }
    await this.#attempt(() => this.enqueue((session) => this.#fresh(session)));
  }

  /** Changes the speed; a running demo goes on at once. */
  protected setSpeed(stepsPerSecond: number): void {
    this.stepsPerSecond = stepsPerSecond;
    this.requestUpdate();
    if (this.#running && !this.#asleep) void this.#start().catch(() => undefined);
  }

  /** A weight was set by hand: the state can no longer be replayed from the seed. */
  protected async setTensor(name: string, data: ArrayLike<number>): Promise<void> {
    if (!(await this.#opened())) return;
    this.#exact = false;
    await this.#attempt(() => this.enqueue(async (session) => this.#accept(await session.set(name, data))));
  }

  /** Restores weights from a file or snapshot; the seed no longer tells the state. */
  protected async adopt(work: (session: Session) => Promise<Report>): Promise<void> {
    if (!(await this.#opened())) return;
    this.#exact = false;
    await this.#attempt(() => this.enqueue(async (session) => this.#accept(await work(session))));
  }

  protected override replayableStep(): number {
    const step = this.report?.step ?? this.startStep;
    return this.#exact && step <= REPLAY_MAX && this.replays() ? step : 0;
  }
  /** Whether a shared link replays the steps made. Default: for small runs, not for GPTs. */
  protected replays(): boolean {
    return (this.info?.parameterCount ?? 0) < 2000;
  }

  /** One more session beside the main one (twin runs). Ends with the element; give it to drop() when it is done with. */
  protected async extraSession(): Promise<Session> {
    const { signal } = this.#abort;
    const session = await Session.open(this.#parts(signal));
    if (signal.aborted) {
      session.dispose();
      throw new LabError('bad_state', 'The demo was removed from the page.');
    }
    this.#extra.add(session);
    return session;
  }

  protected drop(session: Session): void {
    session.dispose();
    this.#extra.delete(session);
  }
}
