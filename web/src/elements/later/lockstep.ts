/**
 * Two demos at the same step: the second goes where the first goes (on, back into the past, to a fresh start, to another option), and while
 * the first runs both train chunk by chunk, each in its own worker. Knows nothing of what differs between them.
 */
import type { Session } from '../../lab/index.ts';
import type { OptionTable } from '../option.ts';
import { STATE_VERSION } from '../state.ts';
import type { RunOfDemo } from './twin.ts';

export interface LockstepOptions {
  first: RunOfDemo;
  second: RunOfDemo;
  options: OptionTable;
  /** What the second is to have now. */
  wanted(): { seed: number; options: Record<string, unknown> };
  tell(reason: unknown): void;
  redraw(): void;
}

/** One chunk of training is to take about this, ms: short enough to stop at once, long enough to be worth two messages. */
const CHUNK_MS = 60;
const FRAME_MS = 16;

const now = (): number => performance.now();
const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

export class Lockstep {
  readonly #o: LockstepOptions;
  #opened = false;
  #matched: unknown; // the report of the first that the second has followed
  #reached: unknown; // the second's own when it had
  #work: Promise<void> | undefined;
  #turn = 0;
  #chunk = 1; // steps
  #over = false;

  constructor(o: LockstepOptions) {
    this.#o = o;
    o.first.lead = (session, { stepsPerSecond = 0, until = Infinity }) => {
      const turn = ++this.#turn;
      void this.#run(session, stepsPerSecond, until, turn).catch((reason: unknown) => this.#fail(reason));
    };
    this.#again();
  }

  end(): void {
    this.#over = true;
    this.#turn += 1;
    this.#o.first.lead = undefined;
    this.#again();
  }

  /** A run under way goes on in the other manner. */
  #again(): void {
    const { first } = this.#o;
    if (first.running)
      void first.pause().then(
        () => first.run(),
        () => undefined,
      );
  }

  #fail(reason: unknown): void {
    if (this.#over) return;
    this.#o.tell(reason);
    if (this.#o.first.running) void this.#o.first.pause().catch(() => undefined);
  }

  /** Called whenever something may have changed; while the first runs, the run itself takes care. */
  follow(): void {
    const { first, second } = this.#o;
    if (this.#over || this.#work || first.running) return;
    if (!this.#opened) {
      this.#opened = true;
      this.#work = second.ready.then(() => this.#match());
    } else if (second.report && (this.#matched !== first.report || this.#differs() || this.#thrownBack()))
      this.#work = this.#match();
    this.#work = this.#work
      ?.catch((reason: unknown) => this.#fail(reason))
      .finally(() => {
        this.#work = undefined;
        this.#o.redraw();
      });
  }

  #differs(): boolean {
    const { seed, options } = this.#o.wanted();
    return seed !== this.#o.second.seed || !same(options, this.#o.second.opt);
  }

  /** The second was built again, for one thing of it was changed: it has to come after. One that is over cannot. */
  #thrownBack(): boolean {
    const { first, second } = this.#o;
    const [goal, at] = [first.report, second.report];
    if (!goal || !at || at === this.#reached) return false;
    return at.step !== goal.step && at.status !== 'diverged' && at.status !== 'done';
  }

  /** Gives the second what it is to have: live where the first took it live, else by another run. */
  async #adopt(): Promise<void> {
    const { second, options: table } = this.#o;
    const { seed, options } = this.#o.wanted();
    const changed = Object.keys(options).filter((name) => !same(options[name], second.opt[name]));
    const small = seed === second.seed && changed.every((name) => table[name]?.live || table[name]?.view);
    if (!small) second.setState({ v: STATE_VERSION, seed, options });
    else if (changed.length > 0)
      second.change(Object.fromEntries(changed.map((name) => [name, options[name]])));
    await second.enqueue(() => Promise.resolve()); // the new run stands
  }

  /** Takes the second to the step of the first, a chunk at a time. */
  async #match(running = false): Promise<void> {
    const { first, second } = this.#o;
    while (!this.#over && first.running === running) {
      await this.#adopt();
      const [goal, at] = [first.report, second.report];
      if (!goal || !at) return;
      this.#matched = goal;
      this.#reached = at;
      if (goal.step === at.step) return;
      const newest = at.past?.newest ?? at.step;
      if (goal.step === 0 && !goal.past) await second.reset();
      else if (goal.past ? goal.step <= newest : goal.step === newest || goal.step < at.step)
        await second.goTo(goal.step);
      else await this.#timed(Math.min(goal.step - at.step, this.#chunk), (n) => second.step(n));
      this.#reached = second.report;
      if (second.report?.step === at.step) return; // it cannot follow: its numbers left the range
    }
  }

  /** Does n steps and learns how many fit a chunk. */
  async #timed(n: number, work: (n: number) => Promise<unknown>): Promise<void> {
    const began = now();
    await work(n);
    const took = now() - began;
    if (took < CHUNK_MS / 2 && n === this.#chunk) this.#chunk *= 2;
    else if (took > CHUNK_MS * 2) this.#chunk = Math.max(1, Math.floor(this.#chunk / 2));
  }

  async #run(session: Session, pace: number, until: number, turn: number): Promise<void> {
    const { first, second } = this.#o;
    const goes = (): boolean => turn === this.#turn && first.running && !this.#over;
    await this.#work;
    await second.ready;
    await this.#match(true);
    let [began, made] = [now(), 0];
    while (goes()) {
      if (this.#differs() || this.#thrownBack()) await this.#match(true);
      const due = pace > 0 ? Math.floor(((now() - began) * pace) / 1000) + 1 - made : Infinity;
      const n = Math.min(due, this.#chunk, until - (first.report?.step ?? 0));
      if (due > this.#chunk) [began, made] = [now(), 0]; // time lost is not made up for
      if (due < 1) await rest(FRAME_MS);
      else if (n < 1)
        return session.run({ until }); // it is over: the session says so
      else {
        await this.#timed(n, async () => {
          const [report] = await Promise.all([session.step(n), second.step(n)]);
          if (goes()) first.sessionReported(report);
        });
        made += n;
        await rest(pace > 0 ? FRAME_MS : 0);
      }
    }
    this.follow();
  }
}
