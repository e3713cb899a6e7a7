// The line to an engine that may trap, hang or die: calls go through it, silence is noticed, and a dead engine is replaced by another,
// at most three times a minute. What the other one must be told is its owner's business (session.ts).
import { LabError, toLabError } from './errors.ts';
import type { HostMethod, HostResult, Link } from './link.ts';
import { Watchdog } from './watchdog.ts';

/** Calls that may rightly keep a worker busy for longer than a heartbeat. */
const slow = new Set<HostMethod>([
  'create',
  'reset',
  'estimate',
  'stories',
  'checkGradient',
  'restore',
  'goTo',
  'openGraph',
  'tool',
]);
const slowMs = 30_000;
const mostRestarts = 3; // within restartMs; then the session gives up
const restartMs = 60_000;

export interface LifelineOptions {
  silenceMs: number;
  reopen(): Promise<Link>;
  /** Whether heartbeats are due although no call waits. */
  running(): boolean;
  /** Brings a new engine to where the old one was. */
  revive(link: Link): Promise<void>;
  /** recovered: another engine goes on; else this line is closed. */
  onFailure(error: LabError, recovered: boolean): void;
  onClose(): void;
}

export class Lifeline {
  private link: Link;
  private readonly o: LifelineOptions;
  private readonly watchdog: Watchdog;
  private pending = 0;
  private slowUntil = 0;
  private restarts: number[] = [];
  private recovering: Promise<void> | undefined;
  private over = false;

  constructor(link: Link, o: LifelineOptions) {
    this.link = link;
    this.o = o;
    this.watchdog = new Watchdog({
      silenceMs: o.silenceMs,
      checkMs: Math.min(1000, o.silenceMs / 4),
      expecting: () => this.expecting(),
      onSilence: () =>
        this.died(new LabError('engine_failed', 'the engine has not answered for some seconds')),
    });
  }

  get closed(): boolean {
    return this.over;
  }

  /** Waits for a recovery that is under way. An answer of 'engine_failed' begins one. */
  async call<K extends HostMethod>(
    name: K,
    ...args: Parameters<Link['call']> extends [unknown, ...infer A] ? A : never
  ): Promise<HostResult<K>> {
    await this.recovering;
    if (this.over) throw new LabError('bad_state', 'the session is over; open another one');
    const { link } = this;
    if (this.pending++ === 0) this.watchdog.sign();
    if (slow.has(name)) this.slowUntil = performance.now() + slowMs;
    try {
      return (await link.call(name, ...(args as never))) as HostResult<K>;
    } catch (thrown) {
      const error = toLabError(thrown);
      if (error.code === 'engine_failed' && link === this.link) this.died(error);
      throw error;
    } finally {
      this.pending -= 1;
      if (slow.has(name)) this.slowUntil = 0;
      this.watchdog.sign();
    }
  }

  /** A sign of life. */
  sign(): void {
    this.watchdog.sign();
  }

  private expecting(): boolean {
    return (this.pending > 0 || this.o.running()) && !this.recovering && performance.now() > this.slowUntil;
  }

  died(error: LabError): void {
    if (this.over || this.recovering) return;
    const at = performance.now();
    this.restarts = [...this.restarts.filter((t) => at - t < restartMs), at];
    this.link.close(error);
    if (this.restarts.length > mostRestarts) {
      this.close(error);
      return;
    }
    this.recovering = this.replace()
      .then(
        () => this.o.onFailure(error, true),
        (reason: unknown) => this.close(toLabError(reason)),
      )
      .finally(() => {
        this.recovering = undefined;
      });
  }

  /** Goes on with another engine, which stands where it shall stand. */
  change(link: Link): void {
    (this.over ? link : this.link).close();
    this.link = link;
  }

  private async replace(): Promise<void> {
    const link = await this.o.reopen();
    this.link = link;
    if (this.over) link.close();
    else await this.o.revive(link);
  }

  /** Ends the engine and with it all memory; with an error its owner is told. Can be called again. */
  close(error?: LabError): void {
    if (this.over) return;
    this.over = true;
    this.watchdog.stop();
    this.link.close();
    if (error) this.o.onFailure(error, false);
    this.o.onClose();
  }
}
