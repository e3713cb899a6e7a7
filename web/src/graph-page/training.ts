// Drives one example's graph: feeds the data of each step, goes by whole steps or node by node, keeps the curve. Draws nothing.
import { type GraphLook, type GraphReport, type GraphRun, type Session } from '@x2g/web/lab';
import type { Example, Written } from './examples.ts';

/** What was done last when going node by node. */
export interface Place {
  phase: 'forward' | 'backward' | 'update';
  node: number; // index in running order; −1 for the update
}

const mostPoints = 2000; // of the curve; then every other one goes

export class GraphTraining {
  readonly run: GraphRun;
  report: GraphReport;
  place: Place | undefined;
  losses: { x: number[]; y: number[] } = { x: [], y: [] };
  private readonly written: Written;
  private unit = 0; // of the step under way: forward nodes, backward nodes, update
  private fed: Record<string, number[]> | undefined;
  private stride = 1; // every so many steps are kept for the curve

  private constructor(run: GraphRun, written: Written, report: GraphReport) {
    this.run = run;
    this.written = written;
    this.report = report;
  }

  /** Builds the example's graph and runs it forward once, so that every value can be shown. */
  static async open(session: Session, example: Example, seed: number): Promise<GraphTraining> {
    const written = example.make();
    const run = await session.graph(written.g, { ...written.options, seed });
    const training = new GraphTraining(run, written, await run.report());
    await training.look_ahead();
    return training;
  }

  private async look_ahead(): Promise<void> {
    await this.feed();
    await this.run.forward();
    this.report = await this.run.report();
  }

  async reset(seed: number): Promise<void> {
    await this.run.reset(seed);
    this.place = undefined;
    this.unit = 0;
    this.stride = 1;
    this.losses = { x: [], y: [] };
    this.report = await this.run.report();
    await this.look_ahead();
  }

  /** A whole step; one that is half done is finished. */
  async step(): Promise<void> {
    if (this.unit > 0) {
      do await this.node();
      while (this.unit > 0);
      return;
    }
    await this.feed();
    this.report = await this.run.step();
    this.place = undefined;
    this.note(this.report.step - 1, this.report.loss);
  }

  /** One node forward or backward, or the update. */
  async node(): Promise<void> {
    const { run } = this;
    const n = run.nodes.length;
    const unit = this.unit;
    if (unit === 0) await this.feed();
    if (unit < n) {
      await run.forwardNode(unit);
      this.place = { phase: 'forward', node: unit };
    } else if (unit < 2 * n) {
      if (unit === n) await run.seedLoss();
      await run.backwardNode(2 * n - 1 - unit);
      this.place = { phase: 'backward', node: 2 * n - 1 - unit };
    } else {
      const last = run.nodes[n - 1];
      const loss = last ? ((await run.value(last.name)).data[0] ?? NaN) : NaN;
      this.report = { ...(await run.update()), loss };
      this.place = { phase: 'update', node: -1 };
      this.note(this.report.step - 1, loss);
    }
    this.unit = unit < 2 * n ? unit + 1 : 0;
  }

  look(): Promise<GraphLook[]> {
    return this.run.look();
  }

  dispose(): void {
    this.run.dispose();
  }

  private async feed(): Promise<void> {
    const data = this.written.data(this.report.step);
    if (data === this.fed) return;
    for (const [name, values] of Object.entries(data)) await this.run.set(name, values);
    this.fed = data;
  }

  private note(step: number, loss: number): void {
    if (step % this.stride !== 0 || !Number.isFinite(loss)) return;
    const { x, y } = this.losses;
    x.push(step);
    y.push(loss);
    if (x.length < mostPoints) return;
    const even = (_: number, i: number): boolean => i % 2 === 0;
    this.losses = { x: x.filter(even), y: y.filter(even) };
    this.stride *= 2;
  }
}
