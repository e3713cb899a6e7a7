// Before anything is allocated: how much memory a run will take, whether that fits, and if not, what would.
// The text of a language model is read once for its vocabulary and length; trying other sizes reads it no more.
import type { Engine, GptFields, PlanRuns } from './engine.ts';
import { LabError } from './errors.ts';
import { gptFields, mlpFields, perceptronFields } from './normalize.ts';
import type { Estimate, GptConfig, Memory, RunConfig } from './types.ts';

const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(bytes < 10 * 2 ** 20 ? 1 : 0);

export function plansOf(engine: Engine): PlanRuns {
  if (engine.plans) return engine.plans;
  throw new LabError('bad_state', "graphs need another engine; open the session with engine: 'graph'");
}

export class Sizing {
  private readonly engine: Engine;
  readonly limit: number; // bytes
  private corpus: { key: string; text: string; vocab: number; tokens: number } | undefined;

  constructor(engine: Engine, limit: number) {
    this.engine = engine;
    this.limit = limit;
  }

  estimate(config: RunConfig): Estimate {
    if (config.kind === 'perceptron') return this.perceptron(perceptronFields(config));
    if (config.kind === 'mlp') return this.finish(this.engine.estimateMlp(mlpFields(config)));
    if (config.kind === 'gpt') return this.gpt(gptFields(config));
    if (config.kind === 'graph') return this.finish(plansOf(this.engine).estimate(config));
    const kind = (config as { kind: unknown } | null)?.kind;
    throw new LabError(
      'unknown_name',
      `a run of kind "${String(kind)}"; there are perceptron, mlp, gpt and graph`,
    );
  }

  /** LabError(out_of_memory) with the figure and what to choose instead. */
  require(config: RunConfig): Estimate {
    const estimate = this.estimate(config);
    if (estimate.fits) return estimate;
    const smaller = config.kind === 'gpt' ? this.suggest(config) : 'fewer units or a smaller batch';
    throw new LabError(
      'out_of_memory',
      `this run needs ${megabytes(estimate.memory.total)} MB; the limit is ${megabytes(this.limit)} MB. ` +
        `Choose ${smaller}.`,
    );
  }

  private perceptron(fields: ReturnType<typeof perceptronFields>): Estimate {
    const parameterCount = fields.inputs + 1;
    const data = (fields.x.length + fields.t.length) * 4;
    const parameters = parameterCount * 8;
    const memory: Memory = {
      parameters,
      gradients: 0,
      optimizer: 0,
      activations: 0,
      scratch: 0,
      data,
      total: parameters + data,
    };
    return this.finish({ parameterCount, memory, vocab: 0 });
  }

  private gpt(fields: GptFields): Estimate {
    const { vocab, tokens } = this.measure(fields);
    return this.finish(this.engine.estimateGpt(fields, vocab, tokens));
  }

  private measure(fields: GptFields): { vocab: number; tokens: number } {
    const key = [fields.tokenizer, fields.language, fields.storyBytes, fields.storySeed].join('/');
    if (this.corpus?.key !== key || this.corpus.text !== fields.text) {
      this.corpus = { key, text: fields.text, ...this.engine.measureCorpus(fields) };
    }
    return this.corpus;
  }

  private finish(e: { parameterCount: number; memory: Memory; vocab: number }): Estimate {
    return { ...e, vocab: e.vocab || null, limit: this.limit, fits: e.memory.total <= this.limit };
  }

  /** The mildest of a few reductions that fits. */
  private suggest(config: GptConfig): string {
    const batch = (n: number): number => Math.max(1, Math.floor(config.batch / n));
    const context = (n: number): number => Math.max(8, Math.floor(config.context / n));
    const channels = (n: number): number =>
      Math.max(config.heads, Math.floor(config.channels / n / config.heads) * config.heads);
    const tries: [Partial<GptConfig>, string][] = [2, 4, 8, 16].flatMap((n) => [
      [{ batch: batch(n) }, `a batch of ${batch(n)}`],
      [{ batch: batch(n), context: context(n) }, `a batch of ${batch(n)} and a context of ${context(n)}`],
      [
        { batch: batch(n), context: context(n), channels: channels(n) },
        `a batch of ${batch(n)}, a context of ${context(n)} and ${channels(n)} channels`,
      ],
    ]);
    for (const [change, words] of tries) {
      try {
        if (this.estimate({ ...config, ...change }).fits) return words;
      } catch {
        // not a model at all: try the next
      }
    }
    return 'fewer layers and channels, a shorter context or a smaller batch';
  }
}
