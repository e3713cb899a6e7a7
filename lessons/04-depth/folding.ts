/**
 * The time that a fold takes on the screen. With reduced motion it takes none.
 */
const FOLD_MS = 700;

export class Folding {
  #start: number | undefined;
  #frame = 0;
  readonly #draw: () => void;

  constructor(draw: () => void) {
    this.#draw = draw;
  }

  /** A fold begins; one under way is cut short. */
  turn(): void {
    const still = globalThis.matchMedia?.('(prefers-reduced-motion: reduce)').matches ?? true;
    this.#start = still ? undefined : performance.now();
  }

  /** 0 … 1, asking for another drawing until it is 1. */
  progress(): number {
    if (this.#start === undefined) return 1;
    const t = Math.min(1, (performance.now() - this.#start) / FOLD_MS);
    if (t < 1) {
      cancelAnimationFrame(this.#frame);
      this.#frame = requestAnimationFrame(this.#draw);
    } else this.#start = undefined;
    return t * t * (3 - 2 * t);
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
  }
}
