/**
 * The line turns instead of jumping: between two sets of weights the drawing passes through the ones between them. Only looks; the core
 * knows nothing of it. Without motion where the reader asked for none.
 */
const TURN_MS = 220;
const OPENING_MS = 900;

export class Turning {
  #from: number[] = [];
  #to: number[] = [];
  #start = 0;
  #length = 0;
  readonly #still = globalThis.matchMedia?.('(prefers-reduced-motion: reduce)').matches ?? true;

  /** Weights to draw now on the way to `target`; calls `again` for the next frame while there is way to go. */
  now(target: readonly number[], again: () => void): number[] {
    const time = performance.now();
    if (target.length !== this.#to.length) {
      // First sight: the line swings in from the level, so that one sees what it can do.
      this.#from = target.map((_, i) => (i === target.length - 2 ? Math.hypot(...target.slice(0, -1)) : 0));
      this.#begin(target, time, OPENING_MS);
    } else if (target.some((w, i) => w !== this.#to[i])) {
      this.#from = this.#at(time);
      this.#begin(target, time, TURN_MS);
    }
    if (this.#still || time - this.#start >= this.#length) return [...target];
    requestAnimationFrame(again);
    return this.#at(time);
  }

  #begin(target: readonly number[], time: number, length: number): void {
    this.#to = [...target];
    this.#start = time;
    this.#length = length;
  }

  #at(time: number): number[] {
    const t = Math.min(1, (time - this.#start) / this.#length);
    const eased = t * t * (3 - 2 * t);
    return this.#to.map((w, i) => (1 - eased) * (this.#from[i] ?? w) + eased * w);
  }
}
