// Notices an engine that is owed to show a sign of life and shows none. Time in which the page itself stood still (a sleeping laptop,
// a throttled tab, a debugger) does not count: the check then finds its own timer late and starts over.

export interface WatchdogOptions {
  silenceMs: number;
  checkMs: number;
  /** Is anything expected at all? */
  expecting(): boolean;
  onSilence(): void;
}

export class Watchdog {
  private readonly o: WatchdogOptions;
  private readonly timer: ReturnType<typeof setInterval>;
  private lastSign: number;
  private lastCheck: number;

  constructor(o: WatchdogOptions) {
    this.o = o;
    this.lastSign = this.lastCheck = performance.now();
    this.timer = setInterval(() => this.check(), o.checkMs);
    (this.timer as { unref?: () => void }).unref?.(); // under Node it keeps no process alive
  }

  sign(): void {
    this.lastSign = performance.now();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private check(): void {
    const at = performance.now();
    const late = at - this.lastCheck > this.o.checkMs * 3;
    this.lastCheck = at;
    if (late || !this.o.expecting()) {
      this.lastSign = at;
      return;
    }
    if (at - this.lastSign < this.o.silenceMs) return;
    this.lastSign = at;
    this.o.onSilence();
  }
}
