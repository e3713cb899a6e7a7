// Generated text, token by token, between slices of training. One text at a time; the others wait their turn.
// Tokens may be single bytes: pieces handed on are whole characters, and never the beginning of the stop text.
import type { GptRun } from './engine.ts';
import { LabError, toLabError } from './errors.ts';
import { number, word } from './checked.ts';
import type { GenerateOptions } from './types.ts';

const mostTokens = 100_000;

interface Job {
  id: number;
  options: Required<Omit<GenerateOptions, 'stop'>> & { stop: string };
  left: number;
  decoder: TextDecoder | undefined; // undefined: not begun
  text: string;
  held: string; // may turn out to be the stop text
  resolve(text: string): void;
  reject(error: LabError): void;
}

/** How much of `text`'s end could be the beginning of `stop`. */
function overlap(text: string, stop: string): number {
  for (let n = Math.min(stop.length - 1, text.length); n > 0; n -= 1) {
    if (stop.startsWith(text.slice(text.length - n))) return n;
  }
  return 0;
}

export class Writing {
  private readonly jobs: Job[] = [];
  private readonly emit: (id: number, piece: string) => void;

  constructor(emit: (id: number, piece: string) => void) {
    this.emit = emit;
  }

  get pending(): boolean {
    return this.jobs.length > 0;
  }

  /** Resolves with the text that was generated, without the prompt. */
  start(id: number, o: GenerateOptions): Promise<string> {
    const options = {
      prompt: word('prompt', o.prompt),
      tokens: number('tokens', o.tokens),
      temperature: number('temperature', o.temperature),
      topK: number('topK', o.topK),
      seed: number('seed', o.seed),
      stop: o.stop === undefined ? '' : word('stop', o.stop),
    };
    if (!Number.isInteger(options.tokens) || options.tokens < 0 || options.tokens > mostTokens) {
      throw new LabError(
        'invalid_argument',
        `tokens is ${options.tokens}; it must be a whole number from 0 to ${mostTokens}`,
      );
    }
    return new Promise((resolve, reject) => {
      this.jobs.push({
        id,
        options,
        left: options.tokens,
        decoder: undefined,
        text: '',
        held: '',
        resolve,
        reject,
      });
    });
  }

  cancel(id: number): void {
    const at = this.jobs.findIndex((job) => job.id === id);
    const [job] = at < 0 ? [] : this.jobs.splice(at, 1);
    job?.reject(new LabError('bad_state', 'the text was stopped by the caller'));
  }

  /** The model is gone, or the engine is. */
  rejectAll(error: LabError): void {
    for (const job of this.jobs.splice(0)) job.reject(error);
  }

  /** One token of the first text that waits. */
  advance(run: GptRun): void {
    const job = this.jobs[0];
    if (!job) return;
    try {
      if (!job.decoder) {
        run.begin(job.options);
        job.decoder = new TextDecoder();
      }
      if (job.left > 0) {
        job.left -= 1;
        this.accept(job, job.decoder.decode(run.next(), { stream: true }));
      }
      if (job.left > 0) return;
      this.give(job, job.held);
      this.finish(job);
    } catch (thrown) {
      this.jobs.shift();
      const error = toLabError(thrown);
      job.reject(error);
      if (error.code === 'engine_failed') throw error;
    }
  }

  private accept(job: Job, piece: string): void {
    const { stop } = job.options;
    const text = job.held + piece;
    const end = stop === '' ? -1 : text.indexOf(stop);
    if (end >= 0) {
      this.give(job, text.slice(0, end));
      job.held = '';
      job.left = 0;
      return;
    }
    const keep = overlap(text, stop);
    job.held = text.slice(text.length - keep);
    this.give(job, text.slice(0, text.length - keep));
  }

  private give(job: Job, piece: string): void {
    if (piece === '') return;
    job.text += piece;
    this.emit(job.id, piece);
  }

  private finish(job: Job): void {
    this.jobs.shift();
    job.resolve(job.text);
  }
}
