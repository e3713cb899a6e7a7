// A graph that the engine has built, seen from the page: data in, forward, backward, steps, every number out by name.
// Every call is answered by the engine's worker; every failure is a LabError with a sentence.
import type { GraphAnswer, GraphArguments, GraphMethod } from './graph-host.ts';
import { record } from './checked.ts';
import { LabError } from './errors.ts';
import type { GraphRecorder } from './graph.ts';
import type {
  GradientCheck,
  GraphInfo,
  GraphLook,
  GraphNode,
  GraphOptions,
  GraphPlan,
  GraphReport,
} from './graph-types.ts';
import type { HostMethod, HostResult } from './link.ts';
import type { Memory, OptimizerConfig, Tensor, TensorInfo } from './types.ts';

/** How a run reaches its graph; sessions make it. */
export interface GraphPort {
  call<K extends GraphMethod>(method: K, ...args: GraphArguments<K>): Promise<GraphAnswer<K>>;
  close(): void;
}

/** One graph in the engine's memory. Numbers are 32-bit floats, row-major. */
export class GraphRun {
  /** Every tensor in the order of its making, saved ones too. */
  readonly tensors: readonly TensorInfo[];
  /** In running order; the last is the loss. */
  readonly nodes: readonly GraphNode[];
  /** Learned numbers. */
  readonly parameterCount: number;
  /** Bytes that the graph takes. */
  readonly memory: Memory;
  private readonly port: GraphPort;

  /** @internal */
  constructor(info: GraphInfo, port: GraphPort) {
    this.tensors = info.tensors;
    this.nodes = info.nodes;
    this.parameterCount = info.parameterCount;
    this.memory = info.memory;
    this.port = port;
  }

  /** Names of all tensors. */
  get names(): string[] {
    return this.tensors.map(({ name }) => name);
  }

  /**
   * Fills an input, a parameter or a buffer. It stays until it is set again.
   * @param data as many finite numbers as the shape has
   * @throws LabError `unknown_name`, `shape_mismatch`, `invalid_argument` (not finite, or a tensor that is computed)
   */
  set(name: string, data: ArrayLike<number>): Promise<void> {
    return this.port.call('set', name, data);
  }

  /** Runs every node; resolves with the loss, the first element of the last node's output. */
  forward(): Promise<number> {
    return this.port.call('forward');
  }

  /** Gradients to 0, d loss / d loss to 1, then every node in reverse. After forward(). */
  backward(): Promise<void> {
    return this.port.call('backward');
  }

  /**
   * Micro-batches: the chain rule once more, added to the parameters' gradients as they stand. Clear them with seedLoss(); then for each
   * of k parts set(), forward(), accumulate(1 / k); then update() once.
   * @param share what this part counts, above 0 to 1
   */
  accumulate(share = 1): Promise<void> {
    return this.port.call('accumulate', share);
  }

  /**
   * Is the gradient right? Element `index` of a parameter, on the data as it stands, in a double-precision twin of this graph.
   * @param h how far the element is nudged either way, above 0
   * @throws LabError `unknown_name`, `invalid_argument` (no such element, no parameter), `out_of_memory`: the twin takes twice the bytes
   */
  checkGradient(name: string, index: number, h = 1e-5): Promise<GradientCheck> {
    return this.port.call('checkGradient', name, index, h);
  }

  /**
   * One update of every parameter from the gradients as they stand; counts as a step.
   */
  update(): Promise<GraphReport> {
    return this.port.call('update');
  }

  /**
   * Trains: n times forward, backward, update, on the data as it stands. Other calls are answered in between.
   * @param n whole steps, 0 to 1,000,000,000
   * @returns the report; `problem` names the first tensor that is not finite, with which it stops early
   */
  step(n = 1): Promise<GraphReport> {
    return this.port.call('step', n);
  }

  /** Where training stands. */
  report(): Promise<GraphReport> {
    return this.port.call('report');
  }

  /**
   * A tensor's values.
   * @throws LabError `unknown_name`
   */
  async value(name: string): Promise<Tensor> {
    const { shape, data } = await this.one(name);
    return { name, shape, data };
  }

  /**
   * d loss / d tensor, of the tensor's shape, as the last backward pass left it.
   * @throws LabError `unknown_name`: no such tensor, or one without a gradient (inputs, buffers, saved tensors)
   */
  async grad(name: string): Promise<Tensor> {
    const { shape, grad } = await this.one(name);
    if (grad) return { name, shape, data: grad };
    throw new LabError(
      'unknown_name',
      `"${name}" has no gradient: inputs, buffers and saved tensors have none`,
    );
  }

  /** Values and gradients of several tensors, all of one moment; of every tensor when no names are given. */
  look(names?: string[]): Promise<GraphLook[]> {
    return this.port.call('look', names);
  }

  /** Runs one node, 0 to nodes.length − 1. All of them in order are forward(). */
  forwardNode(i: number): Promise<void> {
    return this.port.call('forwardNode', i);
  }

  /** The chain rule of one node: adds to its inputs' gradients. seedLoss(), then all in reverse order, are backward(). */
  backwardNode(i: number): Promise<void> {
    return this.port.call('backwardNode', i);
  }

  /** All gradients to 0 and d loss / d loss to 1. */
  seedLoss(): Promise<void> {
    return this.port.call('seedLoss');
  }

  /** false: dropout passes through and batch norm uses its running statistics. Training is on at first. */
  setTraining(on: boolean): Promise<void> {
    return this.port.call('setTraining', on);
  }

  /** Live changes of the optimizer, such as { lr }. Another kind of optimizer needs another graph. */
  configure(changes: Partial<OptimizerConfig>): Promise<void> {
    return this.port.call('configure', changes);
  }

  /** Initial values anew, step 0. Inputs stay as they were set. */
  reset(seed: number): Promise<GraphReport> {
    return this.port.call('reset', seed);
  }

  /** Gives the memory back. Later calls are refused. */
  dispose(): void {
    this.port.close();
  }

  private async one(name: string): Promise<GraphLook> {
    const [found] = await this.port.call('look', [name]);
    if (!found) throw new LabError('unknown_name', `no tensor is called "${name}"`);
    return found;
  }
}

/** A call of the host's methods by name: a session's own. */
type Call = <K extends HostMethod>(name: K, ...args: unknown[]) => Promise<HostResult<K>>;

/** Numbers that no graph of this page has had: a handle from before an engine was replaced finds nothing, never another graph. */
let given = 0;

/** @internal What session.graph() does. */
export async function openGraph(
  call: Call,
  g: GraphRecorder | GraphPlan,
  options: GraphOptions,
): Promise<GraphRun> {
  record('the graph', g);
  const plan = 'plan' in g ? g.plan() : g;
  const id = ++given;
  const info = await call('openGraph', id, plan, options);
  return new GraphRun(info, {
    call: (method, ...args) => call('callGraph', id, method, args) as Promise<never>,
    close: () => void call('closeGraph', id).catch(() => undefined),
  });
}
