// How much to do before yielding. One pacer turns "about so many milliseconds" into units of work and learns the rate as it goes;
// another keeps to a number of steps a second. Neither yields by itself; breathe() does.

/** Long enough to make calls cheap, short enough to hit the slice's end. */
const chunkMs = 3;

/** Units of work that fit a slice, found by doubling and halving. */
export class Calibration {
  private chunk = 1;

  /**
   * Calls work(units) until `ms` have passed, it does less than it was asked for, or `budget` units are done.
   * Returns whether it did all it was asked for.
   */
  fill(ms: number, budget: number, now: () => number, work: (units: number) => number): boolean {
    const start = now();
    let before = start;
    let left = budget;
    while (left > 0) {
      const asked = Math.min(this.chunk, left);
      const done = work(asked);
      const after = now();
      const spent = after - before;
      if (spent > chunkMs && this.chunk > 1) this.chunk = Math.max(1, Math.floor(this.chunk / 2));
      // Only a whole chunk says how long a chunk takes.
      else if (spent < chunkMs / 4 && done === this.chunk) this.chunk = Math.min(this.chunk * 2, 2 ** 30);
      left -= done;
      if (done < asked) return false;
      if (after - start >= ms) return true;
      before = after;
    }
    return true;
  }
}

/** Steps that are due at a given rate. Time lost (a slow page) is not made up for. */
export class Tempo {
  private origin: number;
  private made = 0;
  readonly rate: number; // steps a second; 0 = no limit

  constructor(rate: number, now: number) {
    this.rate = rate;
    this.origin = now;
  }

  due(now: number): number {
    if (this.rate <= 0) return Infinity;
    const lag = ((now - this.origin) * this.rate) / 1000 + 1 - this.made;
    if (lag > Math.max(2, this.rate / 4)) this.origin += ((lag - 1) * 1000) / this.rate; // more than a quarter of a second behind
    return Math.max(0, Math.floor(((now - this.origin) * this.rate) / 1000 + 1 - this.made));
  }

  count(steps: number): void {
    this.made += steps;
  }

  /** Milliseconds until the next step is due. */
  wait(now: number): number {
    if (this.rate <= 0) return 0;
    return Math.max(0, this.origin + (this.made * 1000) / this.rate - now);
  }
}

/** Steps a second over about the last second of running. */
export class Speed {
  private marks: { at: number; step: number }[] = [];

  mark(at: number, step: number): void {
    const last = this.marks.at(-1);
    if (last && (step < last.step || at - last.at > 2000)) this.marks = [];
    this.marks.push({ at, step });
    while (this.marks.length > 2 && at - (this.marks[1]?.at ?? at) >= 1000) this.marks.shift();
  }

  clear(): void {
    this.marks = [];
  }

  get value(): number | null {
    const first = this.marks[0];
    const last = this.marks.at(-1);
    if (!first || !last || last.at - first.at < 100) return null;
    return ((last.step - first.step) * 1000) / (last.at - first.at);
  }
}

/** Node's own way to yield: it hands out a port's messages a thousand at a time, which would starve everything else. */
const { setImmediate } = globalThis as { setImmediate?: (f: () => void) => unknown };

/** Lets the event loop turn: by a message (microseconds; timers are clamped to 4 ms), or by a timer that `cancel` cuts short. */
export class Breath {
  private readonly channel = setImmediate ? undefined : new MessageChannel();
  private wake: (() => void) | undefined;

  constructor() {
    if (this.channel) this.channel.port1.onmessage = () => this.cancel();
  }

  take(ms: number): Promise<void> {
    return new Promise((resolve) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      this.wake = () => {
        clearTimeout(timer);
        this.wake = undefined;
        resolve();
      };
      if (ms < 4 && this.channel) this.channel.port2.postMessage(0);
      else if (ms < 4) setImmediate?.(() => this.cancel());
      else timer = setTimeout(() => this.cancel(), ms);
    });
  }

  cancel(): void {
    this.wake?.();
  }

  close(): void {
    this.cancel();
    this.channel?.port1.close();
    this.channel?.port2.close();
  }
}
