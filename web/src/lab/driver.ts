// The loop of a host: it drives the run and writes text in slices and lets the event loop turn between them, so that any call is answered
// within one slice. It turns as long as there is something to do.
import { LabError, toLabError } from './errors.ts';
import { Breath, Tempo } from './pacer.ts';
import { frameMs, Teller, type HostOptions } from './telling.ts';
import type { Training } from './training.ts';
import type { Report } from './types.ts';
import type { Writing } from './writing.ts';

interface Drive {
  tempo: Tempo | undefined;
  until: number;
  units: number; // left to do
  settle?: (result: Report | LabError) => void; // a step() that waits
}

/** Writing, where it is part of the host. */
export type WritingKind = new (...args: ConstructorParameters<typeof Writing>) => Writing;

const now = (): number => performance.now();

export class Driver {
  readonly writing: Writing | undefined;
  readonly #sliceMs: number;
  readonly #breath = new Breath();
  readonly #teller: Teller;
  #training: Training | undefined;
  #drive: Drive | undefined;
  #lastPiece = Promise.resolve();
  #turning = false;
  #journeys = 0;
  #closed = false;

  constructor({ sliceMs, send }: HostOptions, Writes?: WritingKind) {
    this.#sliceMs = sliceMs;
    this.#teller = new Teller(send);
    if (!Writes) return;
    this.writing = new Writes((id, piece) => {
      this.#lastPiece = send({ kind: 'text', id, piece });
    });
  }

  get training(): Training {
    if (!this.#training) throw new LabError('bad_state', 'there is no run yet; create one first');
    return this.#training;
  }

  /** Resolves when the last piece of text was handled. */
  get written(): Promise<void> {
    return this.#lastPiece;
  }

  begin(training: Training): void {
    this.#training = training;
    this.#teller.begin(now());
  }

  /** Ends the run; who waits for it is told why. */
  end(why: string): void {
    const error = new LabError('bad_state', why);
    this.#settle(error);
    this.writing?.rejectAll(error);
    this.#training?.delete();
    this.#training = undefined;
    this.#teller.owed = false;
  }

  close(): void {
    this.end('the session was closed');
    this.#closed = true;
    this.#breath.close();
  }

  /** Runs until that step, at most so many steps a second; 0 = as many as it can. */
  run(stepsPerSecond: number, until: number): void {
    const { training } = this;
    const tempo = new Tempo(stepsPerSecond, now());
    this.#settle();
    training.status = 'running';
    training.clearSpeed();
    this.#drive = { tempo, until, units: Infinity };
    this.turn();
  }

  /** Runs to that step, or that many nodes; resolves there. */
  step(until: number, units: number): Promise<Report> {
    const { training } = this;
    return new Promise((resolve, reject) => {
      training.status = 'running';
      this.#drive = {
        tempo: undefined,
        until,
        units,
        settle: (result) => (result instanceof LabError ? reject(result) : resolve(result)),
      };
      this.turn();
    });
  }

  /** Takes the run to an earlier step, or back to the newest one. Another call ends it where it is then. */
  async goTo(step: number): Promise<Report> {
    this.halt();
    const { training } = this;
    const journey = ++this.#journeys;
    training.setOut(step);
    while (!training.arrive(this.#sliceMs, now)) {
      await new Promise((resolve) => setTimeout(resolve));
      if (this.#training !== training) throw new LabError('bad_state', 'another run was created');
      if (this.#journeys !== journey) break;
    }
    return training.report();
  }

  /** Stops driving; the run stands where it is. */
  halt(): void {
    this.#journeys += 1;
    const { training } = this;
    this.#settle();
    if (training.status === 'running') training.status = training.steps === 0 ? 'ready' : 'paused';
    this.#breath.cancel();
  }

  #settle(error?: LabError): void {
    const drive = this.#drive;
    this.#drive = undefined;
    if (!drive?.settle) return;
    if (this.#training?.status === 'running') this.#training.status = 'paused';
    drive.settle(error ?? this.training.report());
  }

  /** Starts the loop if it does not turn already. */
  turn(): void {
    this.#breath.cancel();
    if (this.#turning || this.#closed) return;
    this.#turning = true;
    void this.#loop();
  }

  async #loop(): Promise<void> {
    const teller = this.#teller;
    try {
      await this.#breath.take(0); // the caller gets its answer first
      while (!this.#closed && (this.#drive || this.writing?.pending || teller.owed)) {
        const wait = this.#slice();
        teller.tell(this.#training, this.#drive && (this.#drive.settle ? 'step' : 'run'), now);
        await this.#breath.take(teller.owed ? frameMs : wait);
      }
    } catch (thrown) {
      this.#fail(toLabError(thrown));
    } finally {
      this.#turning = false; // in the same turn as the last look at what there is to do
    }
  }

  /** One slice of work; returns for how long there is nothing to do, in ms. */
  #slice(): number {
    const start = now();
    const training = this.#training;
    if (!training) return 0;
    if (this.writing?.pending) {
      const share = this.#drive ? this.#sliceMs / 2 : this.#sliceMs;
      do this.writing.advance(training.gpt());
      while (this.writing.pending && now() - start < share);
      this.writing.tell(); // once a slice: a message a token would keep the page busy
    }
    if (!this.#drive) return 0;
    if (training.evaluation?.pending) {
      if (training.evaluate(this.#sliceMs, now)) this.#teller.changed();
      return 0;
    }
    return this.#train(training, this.#drive, Math.max(1, this.#sliceMs - (now() - start)));
  }

  #train(training: Training, drive: Drive, ms: number): number {
    const due = drive.tempo?.due(now()) ?? Infinity;
    if (due <= 0) return drive.tempo?.wait(now()) ?? 0;
    // A run that is over stays over; step() may still look at how nothing changes.
    if (!drive.settle && training.ended(drive.until)) return this.#finish(training, drive);
    const before = training.steps;
    const goal = Math.min(drive.until, before + due);
    const { units, stuck } = training.work(ms, drive.units, goal, now);
    drive.units -= units;
    drive.tempo?.count(training.steps - before);
    training.markSpeed(now());
    const open = !stuck && drive.units > 0 && training.steps < drive.until;
    if (!open && !training.evaluation?.pending) return this.#finish(training, drive);
    return training.run.waits ? frameMs : 0; // turn() cuts it short
  }

  #finish(training: Training, drive: Drive): number {
    const ended = training.ended(drive.until);
    const step = drive.settle !== undefined;
    training.status =
      ended === 'diverged' || training.finished ? (ended ?? 'done') : step ? 'paused' : 'done';
    if (step) this.#settle();
    else this.#teller.owed = true;
    this.#drive = undefined;
    return 0;
  }

  /** The engine is not to be trusted any more. */
  #fail(error: LabError): void {
    this.#drive?.settle?.(error);
    this.#drive = undefined;
    this.writing?.rejectAll(error);
    this.#training = undefined;
    this.#teller.fail(error);
  }
}
