// Generated text, token by token, between slices of training. One text at a time; the others wait their turn.
// Tokens may be single bytes: pieces handed on are whole characters, and never the beginning of a stop text.
import type { GptRun, SamplingFields } from './engine.ts';
import { LabError, toLabError } from './errors.ts';
import { number, word } from './checked.ts';
import type { DecodingOptions, GenerateOptions } from './types.ts';

const mostTokens = 100_000;
const mostStops = 16;

interface Job {
  id: number;
  fields: SamplingFields;
  stops: string[];
  left: number;
  decoder: TextDecoder | undefined; // undefined: not begun
  text: string;
  told: number; // characters of it
  held: string; // may turn out to be the stop text
  resolve(text: string): void;
  reject(error: LabError): void;
}

/** How much of `text`'s end could be the beginning of a stop text. */
function overlap(text: string, stops: string[]): number {
  const longest = Math.max(0, ...stops.map((stop) => stop.length - 1));
  for (let n = Math.min(longest, text.length); n > 0; n -= 1) {
    const end = text.slice(text.length - n);
    if (stops.some((stop) => stop.length > n && stop.startsWith(end))) return n;
  }
  return 0;
}

/** Where the stop text begins that is complete first, of two the longer; −1: none is. */
function stopAt(text: string, stops: string[]): number {
  let [first, end] = [-1, Infinity];
  for (const stop of stops) {
    const at = text.indexOf(stop);
    if (at < 0 || at + stop.length > end || (at + stop.length === end && at >= first)) continue;
    [first, end] = [at, at + stop.length];
  }
  return first;
}

export function samplingFields(prompt: string, o: DecodingOptions & { keep?: number }): SamplingFields {
  return {
    prompt: word('prompt', prompt),
    temperature: number('temperature', o.temperature),
    topK: number('topK', o.topK),
    topP: number('topP', o.topP, 1),
    minP: number('minP', o.minP, 0),
    typical: number('typical', o.typical, 1),
    repetition: number('repetition', o.repetition, 1),
    presence: number('presence', o.presence, 0),
    frequency: number('frequency', o.frequency, 0),
    penaltyTokens: number('penaltyTokens', o.penaltyTokens, 0),
    keep: number('keep', o.keep, 0),
    seed: number('seed', o.seed),
  };
}

function stopsOf(given: unknown): string[] {
  const stops = given === undefined ? [] : Array.isArray(given) ? given : [given];
  if (stops.length > mostStops) {
    throw new LabError(
      'invalid_argument',
      `stop holds ${stops.length} texts; at most ${mostStops} are looked for`,
    );
  }
  return stops.map((stop) => word('stop', stop)).filter((stop) => stop !== '');
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
    const fields = samplingFields(o.prompt, o);
    const stops = stopsOf(o.stop);
    const left = number('tokens', o.tokens);
    if (!Number.isInteger(left) || left < 0 || left > mostTokens) {
      throw new LabError(
        'invalid_argument',
        `tokens is ${left}; it must be a whole number from 0 to ${mostTokens}`,
      );
    }
    return new Promise((resolve, reject) => {
      this.jobs.push({
        id,
        fields,
        stops,
        left,
        decoder: undefined,
        text: '',
        told: 0,
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
        run.begin(job.fields);
        job.decoder = new TextDecoder();
      }
      if (job.left > 0) {
        job.left -= 1;
        this.accept(job, job.decoder.decode(run.next(), { stream: true }));
      }
      if (job.left > 0) return;
      job.text += job.held;
      this.finish(job);
    } catch (thrown) {
      this.jobs.shift();
      const error = toLabError(thrown);
      job.reject(error);
      if (error.code === 'engine_failed') throw error;
    }
  }

  private accept(job: Job, piece: string): void {
    const { stops } = job;
    const text = job.held + piece;
    const end = stopAt(text, stops);
    if (end >= 0) {
      job.text += text.slice(0, end);
      job.held = '';
      job.left = 0;
      return;
    }
    const keep = overlap(text, stops);
    job.held = text.slice(text.length - keep);
    job.text += text.slice(0, text.length - keep);
  }

  /** Hands on what was written since the last time. */
  tell(job = this.jobs[0]): void {
    if (!job || job.told === job.text.length) return;
    this.emit(job.id, job.text.slice(job.told));
    job.told = job.text.length;
  }

  private finish(job: Job): void {
    this.jobs.shift();
    this.tell(job);
    job.resolve(job.text);
  }
}
