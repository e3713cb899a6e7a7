// A host that also keeps bare graphs: only sessions of the whole engine start it, so that no other page carries the code for them.
import type { Engine } from './engine.ts';
import { LabError, toLabError } from './errors.ts';
import type { GraphInfo, GraphOptions, GraphPlan } from './graph-types.ts';
import { GraphWork } from './graph-work.ts';
import { Host, type HostOptions } from './host.ts';

/** What a page may ask of a graph. */
const methods = [
  ...(['set', 'look', 'forward', 'backward', 'forwardNode', 'backwardNode', 'seedLoss'] as const),
  ...(['setTraining', 'update', 'step', 'report', 'reset', 'configure'] as const),
];
export type GraphMethod = (typeof methods)[number];
export type GraphArguments<K extends GraphMethod> = Parameters<GraphWork[K]>;
export type GraphAnswer<K extends GraphMethod> = Awaited<ReturnType<GraphWork[K]>>;

const mostGraphs = 16; // at a time: a page that forgets to dispose of them should hear of it

export class GraphHost extends Host {
  private readonly whole: Engine;
  private readonly options: HostOptions;
  private readonly graphs = new Map<number, GraphWork>();
  private next = 1;

  constructor(engine: Engine, o: HostOptions) {
    super(engine, o);
    this.whole = engine;
    this.options = o;
  }

  override openGraph(plan: GraphPlan, options: GraphOptions): { id: number; info: GraphInfo } {
    if (this.graphs.size >= mostGraphs) {
      throw new LabError('out_of_memory', `${mostGraphs} graphs are open; dispose of one first`);
    }
    const { sliceMs, limit, send } = this.options;
    const beat = (): void => void send({ kind: 'beat' });
    const work = new GraphWork(this.whole, plan, options, { sliceMs, limit, beat });
    const id = this.next++;
    this.graphs.set(id, work);
    return { id, info: structuredClone(work.info) };
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

  override close(): void {
    for (const id of [...this.graphs.keys()]) this.closeGraph(id);
    super.close();
  }
}
