/** The sentence on where a run stands. While it runs it changes rarely, so that a screen reader can keep up. */

/** Least time between two sentences while running, ms. */
const PAUSE_MS = 2000;

export class StatusLine {
  text = '';
  #at = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #redraw: () => void;

  constructor(redraw: () => void) {
    this.#redraw = redraw;
  }

  /** Takes a new sentence, or asks for a redraw at the time for one. */
  tell(running: boolean, sentence: () => string): void {
    const now = performance.now();
    const wait = running ? this.#at + PAUSE_MS - now : 0;
    if (wait > 0) {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#redraw();
      }, wait);
      return;
    }
    this.#at = now;
    this.text = sentence();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
