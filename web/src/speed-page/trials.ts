// What a reader's own browser is timed at: the shipped engines through a session, as a lesson drives them, in a worker where one starts.
// The same nets and recipes as `./lab bench`; no other library, and nothing is sent anywhere.
import { LabError, Session, type OpenOptions, type OptimizerConfig, type Report } from '@x2g/web/lab';

const SAMPLES = 5;
const LEAST_MS = 300; // of one sample

/** One thing that is timed. */
export interface Trial {
  name: 'xor' | 'mlp' | 'gpt-train' | 'decode';
  /** Of the rows in results.json that show the same. */
  same: { bench: string; case: string };
  unit: 'steps/s' | 'samples/s' | 'ms' | 'tokens/s';
  open: OpenOptions;
  prepare(session: Session): Promise<unknown>;
  /** Does so many units of work. */
  work(session: Session, count: number): Promise<unknown>;
  /** The figure of one unit that took so many seconds. */
  figure(seconds: number): number;
}

/** What came out, in the trial's unit; and of which binary, in a worker or on the page. */
export interface Outcome {
  value: number;
  low: number;
  high: number;
  variant: string;
  where: string;
}

const sgd = (lr: number): OptimizerConfig => ({ kind: 'sgd', lr });
const steps = async (session: Session, count: number): Promise<Report> => {
  const report = await session.step(count);
  if (report.status === 'diverged') throw new LabError('bad_state', 'the run went astray and was stopped');
  return report;
};

const images = { rows: 2000, inputs: 784, classes: 10, batch: 10 };

/** A fifth of the pixels is ink, by an additive rule: always the same, and no claim of being digits. */
function digits(): { x: Float32Array; t: Float32Array } {
  const { rows, inputs, classes } = images;
  let state = 7;
  const next = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const x = Float32Array.from({ length: rows * inputs }, () => (next() < 0.2 ? next() : 0));
  const t = new Float32Array(rows * classes);
  for (let row = 0; row < rows; row += 1) t[row * classes + (row % classes)] = 1;
  return { x, t };
}

const language = (context: number, batch: number) =>
  ({
    kind: 'gpt',
    layers: 4,
    heads: 4,
    channels: 128,
    context,
    batch,
    bias: false,
    tokenizer: 'char',
    corpus: { kind: 'stories', lang: 'en', bytes: 300_000, seed: 1 },
    validation: 0.1,
    optimizer: { kind: 'adamw', lr: 1e-3, beta2: 0.99, weightDecay: 0.1, clip: 1 },
    seed: 1,
    evalEvery: 0,
    evalBatches: 0,
  }) as const;

const CONTEXT = 128;

export const trials: Trial[] = [
  {
    name: 'xor',
    same: { bench: 'xor', case: '2-2-1, four rows' },
    unit: 'steps/s',
    open: { engine: 'small' },
    prepare: (session) =>
      session.create({
        kind: 'mlp',
        sizes: [2, 2, 1],
        hidden: 'tanh',
        output: 'sigmoid',
        loss: 'bce',
        init: { kind: 'normal', a: 1 },
        x: [0, 0, 0, 1, 1, 0, 1, 1],
        t: [0, 1, 1, 0],
        optimizer: sgd(0.5),
        seed: 1,
      }),
    work: steps,
    figure: (seconds) => 1 / seconds,
  },
  {
    name: 'mlp',
    same: { bench: 'mlp', case: '784-30-10, batch 10' },
    unit: 'samples/s',
    open: { engine: 'small' },
    prepare: (session) =>
      session.create({
        kind: 'mlp',
        sizes: [images.inputs, 30, images.classes],
        hidden: 'sigmoid',
        output: 'sigmoid',
        loss: 'half_mse',
        init: { kind: 'normal', a: 0.1 },
        batch: images.batch,
        ...digits(),
        optimizer: sgd(30),
        seed: 1,
      }),
    work: steps,
    figure: (seconds) => images.batch / seconds,
  },
  {
    name: 'gpt-train',
    same: { bench: 'gpt-train', case: 'laptop step' },
    unit: 'ms',
    open: { engine: 'text', variant: 'auto' },
    prepare: (session) => session.create(language(64, 12)),
    work: steps,
    figure: (seconds) => seconds * 1000,
  },
  {
    name: 'decode',
    same: { bench: 'decode', case: `L4 C128, context ${CONTEXT}` },
    unit: 'tokens/s',
    open: { engine: 'text', variant: 'auto' },
    prepare: (session) => session.create(language(CONTEXT, 1)),
    // A unit is a whole text that fills the context.
    work: async (session, count) => {
      for (let i = 0; i < count; i += 1)
        await session.generate(
          { prompt: 'T', tokens: CONTEXT - 1, temperature: 0, topK: 0, seed: 1 },
          () => undefined,
        );
    },
    figure: (seconds) => (CONTEXT - 1) / seconds,
  },
];

const stopped = (): LabError => new LabError('bad_state', 'stopped by the reader');

/**
 * Times one trial: units doubled until a sample is long enough, then the middle of five.
 * @param told is called with the share that is done, 0 … 1
 * @throws LabError; an aborted signal ends the engine at once
 */
export async function time(
  trial: Trial,
  told: (share: number) => void,
  signal: AbortSignal,
): Promise<Outcome> {
  const session = await Session.open({ ...trial.open, signal });
  const end = (): void => session.dispose();
  signal.addEventListener('abort', end, { once: true });
  try {
    await trial.prepare(session);
    const sample = async (count: number): Promise<number> => {
      const begin = performance.now();
      await trial.work(session, count);
      if (signal.aborted) throw stopped();
      return (performance.now() - begin) / 1000;
    };
    let count = 1;
    for (;;) {
      const ms = (await sample(count)) * 1000;
      if (ms >= LEAST_MS) break;
      count = Math.ceil(ms > 20 ? (count * 1.1 * LEAST_MS) / ms : count * 4);
    }
    const seen: number[] = [];
    while (seen.length < SAMPLES) {
      seen.push(trial.figure((await sample(count)) / count));
      told(seen.length / SAMPLES);
    }
    seen.sort((a, b) => a - b);
    const { variant, where } = session.capabilities;
    const at = (i: number): number => seen[i] ?? Number.NaN;
    return { value: at(SAMPLES >> 1), low: at(0), high: at(SAMPLES - 1), variant, where };
  } catch (thrown) {
    throw signal.aborted ? stopped() : thrown;
  } finally {
    signal.removeEventListener('abort', end);
    session.dispose();
  }
}
