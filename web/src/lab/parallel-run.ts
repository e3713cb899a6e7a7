// A GPT run whose batches are cut in equal shares, one for each worker. The number of shares decides the bits, not who computes them: one
// engine that takes all shares in turn (alone: no worker starts, or a past step is looked at) and as many workers together agree exactly.
// A run is moved as any other, in units; together with others it may have to wait for them (`waits`). parallel-crew.ts has the rest.
import type { GptFields, GptRun, Numbers, OptimizerFields, SamplingFields, SharingRun } from './engine.ts';
import { mean, type Exchange, type Sync } from './parallel-exchange.ts';
import type { LookInside, Tensor, ViewData } from './types.ts';

export class SharedRun implements GptRun {
  /** Every worker takes its share; false: this one takes them all. */
  together = false;
  /** A loss or a gradient was not finite: it stands still. */
  diverged = false;
  private readonly run: SharingRun;
  private readonly shares: number;
  private readonly seed: number;
  private readonly exchange: Exchange | undefined;
  private readonly perShare: number; // units until the update
  private optimizer: OptimizerFields;
  private loss: number | undefined; // of the whole batch, where it is known
  private problem = '';
  private at = 0; // units done of the share in progress
  private share = 0; // in progress, alone
  private parts: Float32Array[] = []; // gradients of the shares before it
  private losses: number[] = [];
  private stale = true; // the helpers do not stand where this run stands
  private waiting = false;

  /** exchange: with as many workers as there are shares, where there are others. */
  constructor(run: SharingRun, fields: GptFields, exchange?: Exchange) {
    this.run = run;
    this.shares = fields.shares;
    this.seed = fields.seed;
    this.optimizer = fields.optimizer;
    this.exchange = exchange?.workers === fields.shares ? exchange : undefined;
    this.perShare = run.unitsPerStep() - 1;
  }

  get waits(): boolean {
    return this.waiting && !this.exchange?.ready;
  }

  unitsPerStep(): number {
    return this.shares * this.perShare;
  }

  work(units: number, until: number): number {
    this.waiting = false;
    let left = units;
    while (left > 0 && !this.diverged && this.run.steps() < until) {
      const done = this.exchange && this.together ? this.joint(this.exchange, left) : this.alone(left);
      if (done === 0) break;
      left -= done;
    }
    return units - left;
  }

  /** Units of the share in progress; NaN as its loss where it ends for good. */
  private advance(left: number): { done: number; loss: number | undefined } {
    const asked = Math.min(left, this.perShare - this.at);
    const made = this.run.work(asked, Infinity);
    this.at += made;
    if (made < asked) {
      this.at = this.perShare;
      return { done: Math.max(1, made), loss: NaN };
    }
    return { done: made, loss: this.at === this.perShare ? this.run.numbers().loss : undefined };
  }

  private alone(left: number): number {
    if (!this.stale) this.again(); // what was begun together
    this.stale = true;
    if (this.at === 0) this.run.share(this.share, 0);
    const { done, loss } = this.advance(left);
    if (loss === undefined) return done;
    this.losses.push(loss);
    const gradient = this.gradients(loss);
    const part = this.parts[this.share] ?? new Float32Array(gradient.length);
    part.set(gradient);
    this.parts[this.share] = part;
    this.share += 1;
    this.at = 0;
    if (this.share < this.shares && Number.isFinite(loss)) return done;
    mean(gradient, this.parts);
    this.finish(this.losses.reduce((sum, each) => sum + each, 0) / this.shares);
    return done;
  }

  /** A part of a step together with others; 0 while it waits for them. */
  private joint(exchange: Exchange, left: number): number {
    if (this.stale) this.sync(exchange);
    let done = 0;
    if (this.at < this.perShare) {
      const share = this.advance(left);
      done = share.done;
      if (share.loss === undefined) return done;
      const lost = Number.isFinite(share.loss) ? '' : this.run.numbers().tensor;
      exchange.offer(this.gradients(share.loss), share.loss, lost);
    }
    if (!exchange.ready) {
      this.waiting = true;
      return done;
    }
    const loss = exchange.take(this.gradients(0));
    this.problem = exchange.problem;
    this.finish(loss);
    return Math.max(1, done);
  }

  /** The same update in every worker, from the mean gradient. */
  private finish(loss: number): void {
    const before = this.run.steps();
    this.gradients(loss);
    if (Number.isFinite(loss)) this.run.work(1, Infinity);
    this.loss = loss;
    this.diverged = this.run.steps() === before;
    this.again();
  }

  /** The engine's, which takes the loss of the whole batch with it. */
  private gradients(loss: number): Float32Array {
    return this.run.share(-1, loss);
  }

  private again(): void {
    this.at = 0;
    this.share = 0;
    this.losses = [];
  }

  /** Has the helpers go on from where this run stands, from the beginning of its step. */
  private sync(exchange: Exchange): void {
    const { seed, optimizer } = this;
    const id = exchange.nextId;
    const snapshot = this.run.snapshot();
    for (let to = 1; to < exchange.workers; to += 1)
      exchange.tell(to, { kind: 'sync', id, seed, snapshot, optimizer });
    this.start(exchange, id);
  }

  private start(exchange: Exchange, id: number): void {
    this.again();
    const { length } = this.run.share(exchange.index, 0);
    exchange.begin(id, this.run.steps(), length);
    this.stale = false;
    this.waiting = false;
  }

  /** A helper's: from now on it takes its share of every step after that state. */
  follow({ id, seed, snapshot, optimizer }: Sync): void {
    if (!this.exchange || seed !== this.seed)
      throw new Error('a worker was asked for another run than it has');
    this.restore(snapshot);
    this.configure(optimizer);
    this.start(this.exchange, id);
    this.together = true;
  }

  numbers(): Numbers {
    this.loss ??= this.firstLoss();
    const numbers = this.run.numbers();
    numbers.loss = this.loss;
    if (numbers.diverged && numbers.tensor === 'loss' && this.problem !== '') numbers.tensor = this.problem;
    return numbers;
  }

  /** Of the batch at hand, whose shares are looked at in turn. The run stands at the beginning of a step. */
  private firstLoss(): number {
    this.again();
    this.stale = true;
    let sum = 0;
    for (let i = 0; i < this.shares; i += 1) {
      this.run.share(i, 0);
      sum += this.run.numbers().loss;
    }
    this.run.share(0, 0);
    this.gradients(sum / this.shares);
    this.diverged = !Number.isFinite(sum);
    return sum / this.shares;
  }

  /** The state was changed from outside. */
  private moved(loss: number | undefined): void {
    this.again();
    this.stale = true;
    this.diverged = false;
    this.problem = '';
    this.loss = loss;
  }

  // ── what changes the run, or only looks at it ───────────────────────────────────────────────────────────────────

  set(name: string, values: Float64Array): void {
    this.run.set(name, values);
    this.moved(undefined);
  }
  restore(bytes: Uint8Array): void {
    this.run.restore(bytes);
    this.moved(this.run.steps() > 0 ? this.run.numbers().loss : undefined);
  }
  load(bytes: Uint8Array): void {
    this.run.load(bytes);
    this.moved(undefined);
  }
  configure(fields: OptimizerFields): void {
    this.run.configure(fields);
    this.optimizer = fields;
    this.stale = true;
  }
  info() {
    return this.run.info();
  }
  epochSteps(): number {
    return this.run.epochSteps();
  }
  steps(): number {
    return this.run.steps();
  }
  history() {
    return this.run.history();
  }
  tensor(name: string, grad: boolean): Tensor {
    return this.run.tensor(name, grad);
  }
  rows(x: Float32Array | Float64Array, tensors: string[]): ViewData {
    return this.run.rows(x, tensors);
  }
  /** Within a step the engine's loss is a share's; what is kept has the whole batch's. */
  snapshot(): Uint8Array {
    if ((this.at === 0 && this.share === 0) || this.loss === undefined) return this.run.snapshot();
    const share = this.run.numbers().loss;
    this.gradients(this.loss);
    const bytes = this.run.snapshot();
    this.gradients(share);
    return bytes;
  }
  save(): Uint8Array {
    return this.run.save();
  }
  check(name: string, index: number, h: number) {
    return this.run.check(name, index, h);
  }
  beginEvaluation(validation: boolean, index: number): void {
    this.run.beginEvaluation(validation, index);
  }
  advanceEvaluation(): number | null {
    return this.run.advanceEvaluation();
  }
  begin(fields: SamplingFields): string {
    return this.run.begin(fields);
  }
  next(): Uint8Array {
    return this.run.next();
  }
  look(text: string): LookInside {
    return this.run.look(text);
  }
  delete(): void {
    this.run.delete();
  }
}
