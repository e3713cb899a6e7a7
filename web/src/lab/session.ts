// What pages and demos talk to: one engine with one run, in a worker of its own. Every method is a promise, every failure a LabError.
// A session outlives its worker: when that traps, hangs or dies, it starts another from the last snapshot and goes on.
import { LabError, toLabError } from './errors.ts';
import type { EngineSource } from './engine.ts';
import type { GraphRecorder } from './graph.ts';
import type { GraphRun } from './graph-run.ts';
import type { GraphOptions, GraphPlan } from './graph-types.ts';
import type { HostEvent, RunOptions } from './host.ts';
import {
  openMain,
  openWorker,
  type HostMethod,
  type HostResult,
  type Link,
  type LinkOptions,
} from './link.ts';
import { loadBytes, loadEngine } from './loader.ts';
import { withChanges, withSeed } from './changes.ts';
import type {
  ActivationName,
  Capabilities,
  EngineName,
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
  Variant,
  ViewData,
  ViewSpec,
} from './types.ts';
import { Watchdog } from './watchdog.ts';

export interface OpenOptions {
  variant?: Variant | 'auto'; // default simd128: the same bits everywhere
  engine?: EngineName; // default whole; 'small' knows no language models
  where?: 'auto' | 'worker' | 'main';
  signal?: AbortSignal;
}

/** What a session is made of; tests hand in their own. */
export interface Parts {
  load(variant: Variant | 'auto', engine: EngineName): Promise<EngineSource>;
  loadBytes(variant: Variant, engine: EngineName): Promise<EngineSource>;
  worker(engine: EngineName): Promise<Worker>;
  silenceMs: number;
}

const parts: Parts = {
  load: loadEngine,
  loadBytes,
  worker: async (engine) =>
    (await (engine === 'whole' ? import('./spawn-graph.ts') : import('./spawn.ts'))).spawnWorker(),
  silenceMs: 5000,
};

/** Calls that may rightly keep a worker busy for longer than a heartbeat. */
const slow = new Set<HostMethod>([
  'create',
  'reset',
  'estimate',
  'stories',
  'checkGradient',
  'restore',
  'openGraph',
]);
const slowMs = 30_000;
const mostRestarts = 3; // within restartMs; then the session gives up
const restartMs = 60_000;

/** Bytes a run may take: the module's memory ends at 256 MB (its text, stack and copies need an eighth); phones of Apple kill earlier. */
function memoryLimit(): number {
  const { userAgent = '', maxTouchPoints = 0 } = typeof navigator === 'object' ? navigator : {};
  const ios = /iPad|iPhone|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);
  return ((ios ? 128 : 256) * 2 ** 20 * 7) / 8;
}

type Hooks = Pick<LinkOptions, 'onEvent' | 'onDeath'>;
type Opener = (hooks: Hooks) => Promise<Link>;

/** Tries a worker with the module, then with the bytes, then the page itself, as far as `where` allows. */
async function firstLink(
  source: EngineSource,
  o: OpenOptions,
  p: Parts,
  hooks: Hooks,
): Promise<{ link: Link; reopen: Opener }> {
  const { where = 'auto', engine = 'whole' } = o;
  const limit = memoryLimit();
  const graphs = engine === 'whole';
  const inWorker = (from: EngineSource): Opener => {
    return (h) => openWorker(() => p.worker(engine), { source: from, limit, graphs, ...h });
  };
  const onPage: Opener = (h) => openMain({ source, limit, graphs, ...h });
  const ways: (() => Opener | Promise<Opener>)[] = [];
  if (where !== 'main') {
    ways.push(() => inWorker(source));
    ways.push(async () => inWorker(await p.loadBytes(source.variant, engine)));
  }
  if (where !== 'worker') ways.push(() => onPage);
  let last: unknown;
  for (const way of ways) {
    try {
      const reopen = await way();
      return { link: await reopen(hooks), reopen };
    } catch (thrown) {
      last = thrown;
    }
  }
  throw new LabError('not_loaded', `The engine could not be started: ${toLabError(last).message}`);
}

export class Session {
  readonly capabilities: Capabilities;
  private link: Link;
  private readonly reopen: () => Promise<Link>;
  private readonly watchdog: Watchdog;
  private readonly reportListeners = new Set<(r: Report) => void>();
  private readonly failureListeners = new Set<(e: LabError, recovered: boolean) => void>();
  private readonly texts = new Map<number, (piece: string) => void>();
  private nextText = 1;
  private pending = 0;
  private slowUntil = 0;
  private disposed = false;
  private restarts: number[] = [];
  private recovering: Promise<void> | undefined;
  // What another worker would have to be told:
  private config: RunConfig | undefined;
  private views: ViewSpec[] = [];
  private driving: RunOptions | undefined;
  private asleep = false; // driving, but the tab is hidden
  private kept: Uint8Array | undefined;

  static async open(o: OpenOptions = {}, p: Parts = parts): Promise<Session> {
    const stopped = (): LabError => new LabError('bad_state', 'opening was stopped by the caller');
    if (o.signal?.aborted) throw stopped();
    const source = await p.load(o.variant ?? 'simd128', o.engine ?? 'whole').catch((thrown: unknown) => {
      throw toLabError(thrown);
    });
    const opened: { session?: Session } = {};
    const hooks: Hooks = {
      onEvent: (event) => opened.session?.receive(event),
      onDeath: (error) => opened.session?.died(error),
    };
    const { link, reopen } = await firstLink(source, o, p, hooks);
    if (o.signal?.aborted) {
      link.close();
      throw stopped();
    }
    opened.session = new Session(link, () => reopen(hooks), source.variant, p.silenceMs);
    return opened.session;
  }

  private constructor(link: Link, reopen: () => Promise<Link>, variant: Variant, silenceMs: number) {
    this.link = link;
    this.reopen = reopen;
    this.capabilities = { variant, where: link.where, version: link.version };
    this.watchdog = new Watchdog({
      silenceMs,
      checkMs: Math.min(1000, silenceMs / 4),
      expecting: () => this.expecting(),
      onSilence: () =>
        this.died(new LabError('engine_failed', 'the engine has not answered for some seconds')),
    });
    if (typeof document === 'object') document.addEventListener('visibilitychange', this.visibility);
  }

  // ── the run ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Memory and size of a run before anything is allocated. */
  estimate(c: RunConfig): Promise<Estimate> {
    return this.call('estimate', c);
  }

  /** Replaces the present run. Too large a one is refused with the figure and a smaller choice. */
  async create(c: RunConfig): Promise<RunInfo> {
    this.driving = undefined;
    const info = await this.call('create', c);
    this.config = c;
    this.views = [];
    this.kept = undefined;
    return info;
  }

  /** Resolves when it has started. Called again it changes speed and end. */
  async run(o: RunOptions = {}): Promise<void> {
    this.driving = o;
    this.asleep = typeof document === 'object' && document.hidden;
    if (this.asleep) return;
    try {
      await this.call('run', o);
    } catch (error) {
      this.driving = undefined;
      throw error;
    }
  }

  async pause(): Promise<Report> {
    this.driving = undefined;
    const report = await this.call('pause');
    this.tell(report);
    return report;
  }

  step(n = 1, grain: Grain = 'step'): Promise<Report> {
    this.driving = undefined;
    return this.call('step', n, grain);
  }

  back(): Promise<Report> {
    this.driving = undefined;
    return this.call('back');
  }

  /** Fresh weights, step 0: what create() with that seed gives. Views stay. */
  async reset(seed: number): Promise<Report> {
    this.driving = undefined;
    const report = await this.call('reset', seed);
    if (this.config) this.config = withSeed(this.config, seed);
    this.kept = undefined;
    return report;
  }

  report(): Promise<Report> {
    return this.call('report');
  }

  /** From now on every report carries these. */
  async watch(views: ViewSpec[]): Promise<Report> {
    const report = await this.call('watch', views);
    this.views = views;
    return report;
  }

  onReport(f: (r: Report) => void): () => void {
    this.reportListeners.add(f);
    return () => this.reportListeners.delete(f);
  }

  /** The engine failed. recovered: another one goes on from the last snapshot; else this session is over. */
  onFailure(f: (e: LabError, recovered: boolean) => void): () => void {
    this.failureListeners.add(f);
    return () => this.failureListeners.delete(f);
  }

  // ── looking and changing ────────────────────────────────────────────────────────────────────────────────────────

  tensor(name: string, grad = false): Promise<Tensor> {
    return this.call('tensor', name, grad);
  }

  set(name: string, data: ArrayLike<number>): Promise<Report> {
    return this.call('set', name, data);
  }

  /** Live changes: a rate, a schedule. Another kind of optimizer needs another run. */
  async configure(o: Partial<OptimizerConfig> | { rate: number }): Promise<void> {
    await this.call('configure', o);
    if (this.config) this.config = withChanges(this.config, o);
  }

  checkGradient(name: string, index: number): Promise<HostResult<'checkGradient'>> {
    return this.call('checkGradient', name, index);
  }

  evaluateRows(x: ArrayLike<number>, tensors: string[]): Promise<ViewData> {
    return this.call('evaluateRows', x, tensors);
  }

  /** Text after the prompt, in whole characters as they come; resolves with all of it, the prompt not included. Training goes on. */
  async generate(o: GenerateOptions, onText: (piece: string) => void, signal?: AbortSignal): Promise<string> {
    if (signal?.aborted) throw new LabError('bad_state', 'the text was stopped by the caller');
    const id = this.nextText++;
    this.texts.set(id, onText);
    const stop = (): void => void this.call('cancelGenerate', id).catch(() => undefined);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      return await this.call('generate', id, o);
    } finally {
      signal?.removeEventListener('abort', stop);
      this.texts.delete(id);
    }
  }

  look(text: string): Promise<LookInside> {
    return this.call('look', text);
  }

  snapshot(): Promise<Uint8Array> {
    return this.call('snapshot');
  }

  restore(bytes: Uint8Array): Promise<Report> {
    return this.call('restore', bytes);
  }

  saveWeights(): Promise<Uint8Array> {
    return this.call('saveWeights');
  }

  loadWeights(bytes: Uint8Array): Promise<Report> {
    return this.call('loadWeights', bytes);
  }

  // ── beside the run ──────────────────────────────────────────────────────────────────────────────────────────────

  activation(name: ActivationName, x: ArrayLike<number>): Promise<{ y: Float32Array; dy: Float32Array }> {
    return this.call('activation', name, x);
  }

  /** Nanoseconds an element, measured here and now. */
  timeActivation(
    name: ActivationName,
    elements: number,
    direction: 'forward' | 'derivative',
  ): Promise<number> {
    return this.call('timeActivation', name, elements, direction);
  }

  stories(lang: Lang, bytes: number, seed: number): Promise<string> {
    return this.call('stories', lang, bytes, seed);
  }

  points(kind: PointKind, o: PointOptions = {}): Promise<PointData> {
    return this.call('points', kind, o);
  }

  /**
   * Builds a graph of one's own beside the run. Only in the whole engine, which is the default.
   * @throws LabError `unknown_name` (op, tensor), `shape_mismatch`, `out_of_memory`, with the sentence of the core
   */
  async graph(g: GraphRecorder | GraphPlan, o: GraphOptions = {}): Promise<GraphRun> {
    const { openGraph } = await import('./graph-run.ts');
    return openGraph((name, ...args) => this.call(name, ...(args as never)), g, o);
  }

  /** Ends the worker and with it all memory. Can be called again. */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.watchdog.stop();
    if (typeof document === 'object') document.removeEventListener('visibilitychange', this.visibility);
    this.reportListeners.clear();
    this.failureListeners.clear();
    this.link.close();
  }

  // ── keeping it alive ────────────────────────────────────────────────────────────────────────────────────────────

  private async call<K extends HostMethod>(
    name: K,
    ...args: Parameters<Link['call']> extends [unknown, ...infer A] ? A : never
  ): Promise<HostResult<K>> {
    await this.recovering;
    if (this.disposed) throw new LabError('bad_state', 'the session is over; open another one');
    const { link } = this;
    if (this.pending++ === 0) this.watchdog.sign();
    if (slow.has(name)) this.slowUntil = performance.now() + slowMs;
    try {
      return (await link.call(name, ...(args as never))) as HostResult<K>;
    } catch (thrown) {
      const error = toLabError(thrown);
      if (error.code === 'engine_failed' && link === this.link) this.died(error);
      throw error;
    } finally {
      this.pending -= 1;
      if (slow.has(name)) this.slowUntil = 0;
      this.watchdog.sign();
    }
  }

  private expecting(): boolean {
    const owes = this.pending > 0 || (this.driving !== undefined && !this.asleep);
    return owes && !this.recovering && performance.now() > this.slowUntil;
  }

  private receive(event: HostEvent): void {
    this.watchdog.sign();
    if (event.kind === 'report') this.tell(event.report);
    else if (event.kind === 'snapshot') this.kept = event.bytes;
    else if (event.kind === 'text') this.texts.get(event.id)?.(event.piece);
    else if (event.kind === 'failed') this.died(new LabError(event.code, event.message));
  }

  private tell(report: Report): void {
    if (report.status === 'done' || report.status === 'diverged') this.driving = undefined;
    for (const listener of [...this.reportListeners]) listener(report);
  }

  private died(error: LabError): void {
    if (this.disposed || this.recovering) return;
    const at = performance.now();
    this.restarts = [...this.restarts.filter((t) => at - t < restartMs), at];
    this.link.close(error);
    if (this.restarts.length > mostRestarts) {
      this.over(error);
      return;
    }
    this.recovering = this.revive()
      .then(
        () => this.failed(error, true),
        (reason: unknown) => this.over(toLabError(reason)),
      )
      .finally(() => {
        this.recovering = undefined;
      });
  }

  /** Another engine in the state of the last snapshot, doing what the old one did. */
  private async revive(): Promise<void> {
    const link = await this.reopen();
    this.link = link;
    if (this.disposed) {
      link.close();
      return;
    }
    if (!this.config) return;
    await link.call('create', this.config);
    if (this.kept) await link.call('restore', this.kept);
    await link.call('watch', this.views);
    if (this.driving && !this.asleep) await link.call('run', this.driving);
  }

  private over(error: LabError): void {
    const listeners = [...this.failureListeners];
    this.dispose();
    for (const listener of listeners) listener(error, false);
  }

  private failed(error: LabError, recovered: boolean): void {
    for (const listener of [...this.failureListeners]) listener(error, recovered);
  }

  /** A hidden tab is throttled: training stops there with a snapshot and goes on, with the same bits, when it is seen again. */
  private readonly visibility = (): void => {
    if (!this.driving || this.asleep === document.hidden) return;
    this.asleep = document.hidden;
    const work = this.asleep
      ? this.call('pause')
          .then(() => this.call('snapshot'))
          .then((bytes) => {
            this.kept = bytes;
          })
      : this.call('run', this.driving);
    work.catch((error: unknown) => {
      if (!this.disposed) this.failed(toLabError(error), true);
    });
  };
}
