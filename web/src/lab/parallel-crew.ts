// One worker among several that train a GPT together. The leader (number 0) is driven by the page through its host, as any run; the helpers
// follow: from each state that the leader sends they take their share of one step after another, and wait where the leader stands still.
// The sums are parallel-exchange.ts's business, shares and steps parallel-run.ts's.
import type { Engine, GptFields, GptRun } from './engine.ts';
import { toLabError } from './errors.ts';
import { Breath, Calibration } from './pacer.ts';
import { Exchange, type Sync, type Team } from './parallel-exchange.ts';
import { SharedRun } from './parallel-run.ts';
import type { HostOptions } from './telling.ts';
import { Watchdog } from './watchdog.ts';

const sliceMs = 50; // of a helper, which has nobody to answer but the others
const beatMs = 1000;
const silenceMs = 5000;
const now = (): number => performance.now();

export class Crew {
  /** The engine as the host is to see it: its GPT runs are shared. */
  readonly engine: Engine;
  /** Of the next run. */
  shares = 1;
  /** A step that was waited for can go on. */
  onReady: () => void = () => undefined;
  private readonly exchange: Exchange | undefined;
  private readonly breath = new Breath();
  private readonly calibration = new Calibration();
  private readonly watchdog: Watchdog | undefined;
  private run: SharedRun | undefined;
  private turning = false;
  private closed = false;

  constructor(engine: Engine, o: HostOptions, team: Team) {
    const { index } = team;
    const failed = (message: string): void => void o.send({ kind: 'failed', code: 'engine_failed', message });
    if (team.ports.length > 1) {
      this.exchange = new Exchange(
        team,
        () => (index === 0 ? this.onReady() : void this.turn()),
        (message) => {
          this.watchdog?.sign();
          if (message.kind === 'failed') failed(message.message);
          else if (message.kind === 'sync') this.follow(message);
        },
      );
      if (index === 0)
        this.watchdog = new Watchdog({
          silenceMs,
          checkMs: beatMs,
          expecting: () => this.run?.waits ?? false,
          onSilence: () => failed('one of the workers has not answered for some seconds'),
        });
    }
    this.engine = this.sharing(engine);
  }

  /** Together with the others from the next step on; or alone, as when a past step is looked at. */
  together(yes: boolean): void {
    if (this.run) this.run.together = yes;
  }

  close(): void {
    this.closed = true;
    this.watchdog?.stop();
    this.exchange?.close();
    this.breath.close();
  }

  private sharing(engine: Engine): Engine {
    const shared = (fields: GptFields): GptFields => ({ ...fields, shares: this.shares });
    // A function and no arrow: it is called with `new`.
    const begin = (fields: GptFields, limit: number): GptRun => {
      const own = shared(fields);
      const run = new engine.GptRun(own, limit);
      if (own.shares === 1) return run;
      this.run = new SharedRun(run, own, this.exchange);
      return this.run;
    };
    return Object.create(engine, {
      GptRun: {
        value: function (fields: GptFields, limit: number) {
          return begin(fields, limit);
        },
      },
      estimateGpt: {
        value: (fields: GptFields, vocab: number, tokens: number) =>
          engine.estimateGpt(shared(fields), vocab, tokens),
      },
    }) as Engine;
  }

  private follow(message: Sync): void {
    try {
      if (!this.run) throw new Error('a worker has no run to go on with');
      this.run.follow(message);
      void this.turn();
    } catch (thrown) {
      this.fail(thrown);
    }
  }

  /** A helper's work, in slices, until it has to wait. */
  private async turn(): Promise<void> {
    if (this.turning) return;
    this.turning = true;
    try {
      for (let beat = now(); !this.closed && this.run?.together; await this.breath.take(0)) {
        const { run } = this;
        this.calibration.fill(sliceMs, Infinity, now, (units) => run.work(units, Infinity));
        if (run.waits || run.diverged) break;
        if (now() - beat < beatMs) continue;
        beat = now();
        this.exchange?.tell(0, { kind: 'beat' });
      }
    } catch (thrown) {
      this.fail(thrown);
    } finally {
      this.turning = false;
    }
  }

  /** A helper's end: the leader tells the page. */
  private fail(thrown: unknown): void {
    const { message } = toLabError(thrown);
    this.exchange?.tell(0, { kind: 'failed', message });
  }
}
