// One graph beside the engine: builds it from a plan, checks what comes from outside for its kind, and trains it in slices so that
// every call is answered soon. Ranges and shapes are the core's business; its sentences pass through.
import { flag, floats, number, record, word } from './checked.ts';
import type { Engine, Graph, OptimizerFields } from './engine.ts';
import { LabError } from './errors.ts';
import { builtFrom, list } from './graph-plan.ts';
import type {
  GradientCheck,
  GraphInfo,
  GraphLook,
  GraphOptions,
  GraphPlan,
  GraphReport,
} from './graph-types.ts';
import { optimizerFields, stateSlots } from './normalize.ts';
import { Breath, Calibration } from './pacer.ts';
import type { OptimizerConfig, TensorInfo } from './types.ts';

export interface GraphWorkOptions {
  sliceMs: number;
  limit: number; // bytes
  /** A sign of life during long work. */
  beat(): void;
}

export class GraphWork {
  readonly info: GraphInfo;
  private readonly graph: Graph;
  private readonly o: GraphWorkOptions;
  private readonly ids = new Map<string, number>();
  private readonly breath = new Breath();
  private readonly calibration = new Calibration();
  private optimizer: OptimizerConfig;
  private fields: OptimizerFields;
  private at: GraphReport = { step: 0, loss: NaN, gradNorm: 0, problem: '' };
  private queue: Promise<unknown> = Promise.resolve();
  private closed = false;

  constructor(engine: Engine, plan: GraphPlan, options: GraphOptions, o: GraphWorkOptions) {
    record('the graph', plan);
    record('the options', options);
    this.o = o;
    this.optimizer = options.optimizer ?? { kind: 'adamw', lr: 0.01 };
    this.fields = optimizerFields(this.optimizer);
    const slots = stateSlots(this.fields);
    const builder = builtFrom(engine, plan);
    try {
      const { tensors, nodes, parameterCount } = builder.info();
      if (nodes.length === 0) throw new LabError('bad_state', 'the graph has no op; add at least one');
      this.info = { tensors, nodes, parameterCount, memory: builder.memory(slots) };
      this.info.tensors.forEach(({ name }, id) => this.ids.set(name, id));
      this.graph = new engine.Graph(builder, slots, o.limit);
    } finally {
      builder.delete();
    }
    this.reset(options.seed ?? 1);
  }

  /** Fresh initial values, step 0. Data that was set stays. */
  reset(seed: number): GraphReport {
    this.graph.initialize(number('seed', seed));
    this.graph.setStep(0);
    this.graph.zeroGrad();
    this.at = { step: 0, loss: NaN, gradNorm: 0, problem: '' };
    return this.report();
  }

  report(): GraphReport {
    return { ...this.at };
  }

  configure(changes: Partial<OptimizerConfig>): void {
    record('the change', changes);
    const next = { ...this.optimizer, ...changes };
    const fields = optimizerFields(next);
    const old = this.fields;
    if (fields.kind !== old.kind || stateSlots(fields) !== stateSlots(old)) {
      throw new LabError(
        'bad_state',
        'another kind of optimizer needs another graph: call session.graph again',
      );
    }
    this.optimizer = next;
    this.fields = fields;
  }

  set(name: string, data: ArrayLike<number>): void {
    const values = floats(name, data);
    const wrong = values.findIndex((v) => !Number.isFinite(v));
    if (wrong >= 0) {
      throw new LabError(
        'invalid_argument',
        `${name}[${wrong}] is ${values[wrong]}; it must be a finite number`,
      );
    }
    const { id, info } = this.find(name);
    if (info.role === 'value' || info.role === 'saved') {
      throw new LabError('invalid_argument', `"${name}" is computed; set inputs, parameters or buffers`);
    }
    const size = info.shape.reduce((product, n) => product * n, 1);
    if (values.length !== size) {
      throw new LabError(
        'shape_mismatch',
        `"${name}" has shape (${info.shape.join(', ')}) and takes ${size} numbers, not ${values.length}`,
      );
    }
    this.graph.set(id, values);
  }

  /** Values and gradients as they stand, in the order of the names; all tensors when there are none. */
  look(names?: string[]): GraphLook[] {
    const wanted = names === undefined ? [...this.ids.keys()] : list('names', names);
    return wanted.map((given) => {
      const { id, info } = this.find(word('a name', given));
      const grad = this.graph.grad(id);
      return {
        name: info.name,
        shape: info.shape,
        data: this.graph.value(id),
        grad: grad.length > 0 ? grad : null,
      };
    });
  }

  forward(): number {
    this.graph.setStep(this.at.step);
    this.at.loss = this.graph.forward();
    return this.at.loss;
  }

  backward(): void {
    this.graph.backward();
  }

  /** Adds to the parameters' gradients as they stand. */
  accumulate(share: number): void {
    this.graph.accumulate(number('share', share));
  }

  checkGradient(name: string, index: number, h = 1e-5): GradientCheck {
    this.graph.setStep(this.at.step);
    return this.graph.check(word('name', name), number('index', index), number('h', h));
  }

  forwardNode(i: number): void {
    this.graph.setStep(this.at.step);
    this.graph.forwardNode(number('node', i));
  }

  backwardNode(i: number): void {
    this.graph.backwardNode(number('node', i));
  }

  /** All gradients to 0, then d loss / d loss = 1: what backward() does before its first node. */
  seedLoss(): void {
    this.graph.zeroGrad();
    this.graph.seedLoss();
  }

  setTraining(on: boolean): void {
    this.graph.setTraining(flag('training', on));
  }

  /** One update from the gradients as they stand; counts as a step. */
  update(): GraphReport {
    this.at.gradNorm = this.graph.update(this.fields, this.at.step);
    this.at.step += 1;
    return this.report();
  }

  /** n times forward, backward and update. Stops early where something is not finite. One call after the other. */
  step(n: number): Promise<GraphReport> {
    if (!Number.isInteger(n) || n < 0 || n > 1e9) {
      throw new LabError('invalid_argument', `n is ${n}; it must be a whole number from 0 to 1000000000`);
    }
    const turn = this.queue.then(() => this.steps(n));
    this.queue = turn.catch(() => undefined);
    return turn;
  }

  private async steps(n: number): Promise<GraphReport> {
    const now = (): number => performance.now();
    let left = n;
    while (left > 0 && this.at.problem === '') {
      this.open();
      this.calibration.fill(this.o.sliceMs, left, now, (units) => {
        let done = 0;
        while (done < units && this.one()) done += 1;
        left -= done;
        return done;
      });
      if (left === 0 || this.at.problem !== '') break;
      this.o.beat();
      await this.breath.take(0);
    }
    return this.report();
  }

  private one(): boolean {
    const loss = this.forward();
    this.graph.backward();
    this.at.gradNorm = this.graph.update(this.fields, this.at.step);
    if (!Number.isFinite(loss) || !Number.isFinite(this.at.gradNorm)) {
      this.at.problem = this.graph.nonFinite() || 'loss';
      return false;
    }
    this.at.step += 1;
    return true;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.graph.delete();
    this.breath.close();
  }

  private open(): void {
    if (this.closed) throw new LabError('bad_state', 'the graph was disposed of');
  }

  private find(name: string): { id: number; info: TensorInfo } {
    const id = this.ids.get(name);
    const info = id === undefined ? undefined : this.info.tensors[id];
    if (id !== undefined && info) return { id, info };
    const some = [...this.ids.keys()].slice(0, 12).join(', ');
    throw new LabError('unknown_name', `no tensor is called "${name}"; the graph has ${some}`);
  }
}
