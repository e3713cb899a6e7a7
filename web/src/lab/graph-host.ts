// A host that also keeps bare graphs and asks more of a trained GPT: only sessions of the whole engine start it, so that no other page
// carries the code for them.
import { number, word } from './checked.ts';
import type { Engine } from './engine.ts';
import { LabError, toLabError } from './errors.ts';
import type { GraphInfo, GraphOptions, GraphPlan } from './graph-types.ts';
import { GraphWork } from './graph-work.ts';
import type { HostOptions } from './bare-host.ts';
import { Breath } from './pacer.ts';
import { PlanHost } from './plan-host.ts';
import type { BeamOptions, BeamTree, DecodingOptions, DecodingSteps, HuggingFaceExport } from './types.ts';
import { samplingFields, Writing } from './writing.ts';

/** What a page may ask of a graph. */
const methods = [
  ...(['set', 'look', 'forward', 'backward', 'forwardNode', 'backwardNode', 'seedLoss'] as const),
  ...(['setTraining', 'update', 'step', 'report', 'reset', 'configure'] as const),
  ...(['accumulate', 'checkGradient'] as const),
];
export type GraphMethod = (typeof methods)[number];
export type GraphArguments<K extends GraphMethod> = Parameters<GraphWork[K]>;
export type GraphAnswer<K extends GraphMethod> = Awaited<ReturnType<GraphWork[K]>>;

const mostGraphs = 16; // at a time: a page that forgets to dispose of them should hear of it

export class GraphHost extends PlanHost {
  private readonly whole: Engine;
  private readonly options: HostOptions;
  private readonly graphs = new Map<number, GraphWork>();
  private over = false;

  constructor(engine: Engine, o: HostOptions) {
    super(engine, o, Writing);
    this.whole = engine;
    this.options = o;
  }

  /** Under a number of the page's, never given twice. */
  override openGraph(id: number, plan: GraphPlan, options: GraphOptions): GraphInfo {
    if (this.graphs.size >= mostGraphs) {
      throw new LabError('out_of_memory', `${mostGraphs} graphs are open; dispose of one first`);
    }
    const { sliceMs, limit, send } = this.options;
    const beat = (): void => void send({ kind: 'beat' });
    const work = new GraphWork(this.whole, plan, options, { sliceMs, limit, beat });
    this.graphs.set(number('id', id), work);
    return structuredClone(work.info);
  }

  callGraph<K extends GraphMethod>(id: number, method: K, args: GraphArguments<K>): unknown {
    const work = this.graphs.get(id);
    if (!work)
      throw new LabError(
        'bad_state',
        'this graph is gone: it was disposed of, or its engine failed; make it again',
      );
    if (!methods.includes(method)) {
      throw new LabError('unknown_name', `a graph has no "${String(method)}"; it has ${methods.join(', ')}`);
    }
    try {
      return (work[method] as (...given: unknown[]) => unknown).apply(work, args);
    } catch (thrown) {
      throw toLabError(thrown);
    }
  }

  closeGraph(id: number): void {
    this.graphs.get(id)?.close();
    this.graphs.delete(id);
  }

  /** In slices: other calls are answered in between, those that change the weights end it. */
  override async beam(o: BeamOptions): Promise<BeamTree> {
    const { training } = this;
    const search = new this.whole.Beam(training.gpt(), {
      prompt: word('prompt', o.prompt),
      end: word('end', o.end ?? ''),
      width: number('width', o.width, 4),
      length: number('length', o.length, 20),
      alpha: number('alpha', o.alpha, 0.6),
      shown: number('shown', o.shown, 0),
    });
    const { sliceMs, send } = this.options;
    const breath = new Breath();
    try {
      for (let start = performance.now(); search.advance();) {
        if (performance.now() - start < sliceMs) continue;
        void send({ kind: 'beat' });
        await breath.take(0);
        start = performance.now();
        if (this.over || this.training !== training) {
          throw new LabError('bad_state', 'the run was replaced while it was searched; search again');
        }
      }
      return search.tree();
    } catch (thrown) {
      throw toLabError(thrown);
    } finally {
      search.delete();
      breath.close();
    }
  }

  override decodingSteps(prompt: string, o: DecodingOptions): DecodingSteps {
    return this.whole.decodingSteps(this.training.gpt(), samplingFields(prompt, o));
  }

  override exportHuggingFace(): HuggingFaceExport {
    return this.whole.exportHf(this.training.gpt());
  }

  override close(): void {
    this.over = true;
    for (const id of [...this.graphs.keys()]) this.closeGraph(id);
    super.close();
  }
}
