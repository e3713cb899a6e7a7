/**
 * Samples that are written while the model trains: one at a time, a new one every few seconds, each kept with its step so that the
 * improvement can be read. And what the model sees at the end of the newest one.
 */
import type { LookInside, Session } from '@x2g/web/lab';
import { size_of, type Values } from './model.ts';

/** Characters of a sample. */
export const SAMPLE_TOKENS = 160;
const KEPT = 12; // samples
const SHOWN = 32; // characters looked at: the maps stay readable

export interface Sample {
  step: number;
  prompt: string;
  text: string;
  look?: LookInside;
}

export class Samples {
  list: Sample[] = [];
  #writing: AbortController | undefined;
  #last = -Infinity;
  #due = 0;

  /** Called when something is to be drawn anew. */
  private readonly changed: () => void;
  constructor(changed: () => void) {
    this.changed = changed;
  }

  get writing(): boolean {
    return this.#writing !== undefined;
  }

  clear(): void {
    this.#writing?.abort();
    this.#writing = undefined;
    this.list = [];
    this.#last = -Infinity;
  }

  /** Whether a sample should begin now: at the start, then after pauses that grow from 2 to 6 s. */
  due(step: number, now: number): boolean {
    return !this.writing && step !== this.#last && now >= this.#due;
  }

  /** Writes one sample from the model as it is; a second call while one is being written does nothing. */
  async write(session: Session, step: number, opt: Values, tokens = SAMPLE_TOKENS): Promise<void> {
    if (this.#writing) return;
    const stop = new AbortController();
    this.#writing = stop;
    this.#last = step;
    const sample: Sample = { step, prompt: opt.prompt, text: '' };
    this.list = [...this.list, sample].slice(-KEPT);
    const o = {
      prompt: opt.prompt,
      tokens,
      temperature: opt.temperature,
      topK: opt.topk,
      seed: step + 1,
      keep: Math.ceil(size_of(opt).context / 2), // reading the whole window for every token took a fifth of the training's time
    };
    try {
      const piece = (text: string): void => {
        sample.text += text;
        this.changed();
      };
      sample.text = await session.generate(o, piece, stop.signal);
      await this.see(session, sample);
    } finally {
      if (this.#writing === stop) {
        this.#writing = undefined;
        this.#due = performance.now() + Math.min(6000, 2000 + 250 * this.list.length);
        this.changed();
      }
    }
  }

  /** Attention and next-token probabilities at the end of a text. */
  async see(session: Session, sample: Sample): Promise<void> {
    const characters = Array.from(sample.prompt + sample.text);
    if (characters.length === 0) return;
    sample.look = await session.look(characters.slice(-SHOWN).join(''));
    this.changed();
  }

  /** What had been written by a step, and what the model saw at the end of the newest of it. */
  at(step: number): { list: Sample[]; look: LookInside | undefined } {
    const list = this.list.filter((sample) => sample.step <= step);
    return { list, look: list.filter((sample) => sample.look).at(-1)?.look };
  }
}
