// From the engine's numbers to the report that pages see: status, speed, history, the perceptron's trace.
// It keeps what a report needs besides the engine's present numbers; it decides nothing about when to report.
import type { EngineRun, Numbers, PerceptronRun } from './engine.ts';
import { Speed } from './pacer.ts';
import type { PerceptronTrace, Report, RunConfig, Status, ViewData } from './types.ts';

export interface Evaluated {
  step: number;
  valLoss: number | null;
  trainLoss: number | null;
}

function traceRows(rows: Float64Array, width: number): PerceptronTrace[] {
  const inputs = (width - 9) / 3; // 7 numbers, x (inputs), before and after (inputs + 1 each)
  const out: PerceptronTrace[] = [];
  for (let at = 0; at + width <= rows.length; at += width) {
    const [step = 0, epoch = 0, example = 0, sum = 0, target = 0, output = 0, error = 0] = rows.subarray(at);
    const part = (from: number, length: number): number[] =>
      Array.from(rows.subarray(at + from, at + from + length));
    out.push({
      step,
      epoch,
      example,
      x: part(7, inputs),
      before: part(7 + inputs, inputs + 1),
      after: part(8 + 2 * inputs, inputs + 1),
      sum,
      target,
      output,
      error,
    });
  }
  return out;
}

function perceptronPart(run: PerceptronRun): NonNullable<Report['perceptron']> {
  const s = run.state();
  return {
    trace: traceRows(s.rows, s.width),
    mistakes: s.mistakes,
    epochs: s.epochs,
    converged: s.converged,
    cycles: s.cycles,
    cycleLength: s.cycleLength,
    wrong: s.wrong,
    weights: Array.from(s.weights),
    bound: { separable: s.separable, radius: s.radius, margin: s.margin, bound: s.bound },
  };
}

export class Reporter {
  readonly speed = new Speed();
  private readonly run: EngineRun;
  private readonly config: RunConfig;
  private readonly epochSteps: number;
  private evaluations: Evaluated[] = [];
  private told = 0; // of the evaluations
  private rewound: number | undefined;
  /** A perceptron that converged or goes round in a circle: it is known and stays so. */
  settled = false;

  constructor(run: EngineRun, config: RunConfig) {
    this.run = run;
    this.config = config;
    this.epochSteps = run.epochSteps();
  }

  evaluated(result: Evaluated): void {
    this.evaluations.push(result);
  }

  /** Another step is looked at: what training there once more has to tell is known. */
  moved(): void {
    this.run.history();
    this.speed.clear();
  }

  /** After going back or restoring: what was measured later, or is about to be told again, is forgotten. */
  rewind(step: number): void {
    this.moved();
    this.evaluations = this.evaluations.filter((e) => e.step <= step);
    this.told = this.evaluations.length;
    this.rewound = step;
    this.settled = false;
  }

  report(status: Status, numbers: Numbers, views: Record<string, ViewData>, newest?: number): Report {
    const history = this.run.history();
    const latest = this.evaluations.filter((e) => e.step <= numbers.step).at(-1);
    const validated = this.evaluations.slice(this.told).filter((e) => e.valLoss !== null);
    this.told = this.evaluations.length;
    const stepsPerSecond = status === 'running' ? this.speed.value : null;
    const perStep = this.config.kind === 'gpt' ? this.config.batch * this.config.context : null;
    const report: Report = {
      step: numbers.step,
      loss: numbers.loss,
      status,
      lr: numbers.lr,
      gradNorm: numbers.gradNorm,
      epoch: this.epochSteps > 0 ? numbers.step / this.epochSteps : null,
      stepsPerSecond,
      tokensPerSecond: stepsPerSecond === null || perStep === null ? null : stepsPerSecond * perStep,
      valLoss: latest?.valLoss ?? null,
      trainLoss: latest?.trainLoss ?? null,
      history: {
        step: Array.from(history.step),
        loss: Array.from(history.loss),
        valStep: validated.map((e) => e.step),
        valLoss: validated.map((e) => e.valLoss ?? NaN),
      },
      views,
    };
    if (this.config.kind === 'perceptron') {
      const part = perceptronPart(this.run as PerceptronRun);
      report.perceptron = part;
      this.settled = part.converged || part.cycles;
    }
    if (newest !== undefined) report.past = { newest };
    else if (this.rewound !== undefined) {
      report.rewound = this.rewound;
      this.rewound = undefined;
    }
    if (numbers.phase) {
      report.grain = { phase: numbers.phase, node: numbers.nodeIndex, name: numbers.node };
    }
    if (numbers.diverged) report.problem = { tensor: numbers.tensor, gradient: numbers.gradient > 0 };
    return report;
  }
}
