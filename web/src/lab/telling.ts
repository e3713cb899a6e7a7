// What a host tells the other side while it works: reports (at most one a frame, and none before the last one was handled), heartbeats,
// snapshots, and a failure. It also keeps states to go back to, which have the same rhythm.
import { toLabError, type LabError } from './errors.ts';
import type { Training } from './training.ts';
import type { Report } from './types.ts';

export type HostEvent =
  | { kind: 'report'; report: Report }
  | { kind: 'snapshot'; step: number; bytes: Uint8Array }
  | { kind: 'text'; id: number; piece: string }
  | { kind: 'beat' }
  | { kind: 'failed'; code: LabError['code']; message: string };

export interface HostOptions {
  sliceMs: number;
  limit: number; // bytes
  /** Resolves when the event was handled: the next report waits for it. */
  send(event: HostEvent): Promise<void>;
}

export const frameMs = 16;
const beatMs = 1000;
const keepMs = 250;
const snapshotMs = 2000;

export class Teller {
  /** A report is to be sent, changed or not: the end of a run is always reported. */
  owed = false;
  readonly #send: HostOptions['send'];
  #reporting = false; // a report is on its way
  #last = {
    report: -Infinity,
    beat: -Infinity,
    keep: -Infinity,
    snapshot: -Infinity,
    step: -1,
    cost: 0,
  };

  constructor(send: HostOptions['send']) {
    this.#send = send;
  }

  /** Another run begins. */
  begin(at: number): void {
    this.#last.step = -1;
    this.#last.snapshot = at;
  }

  /** Something but the step has changed: worth a report. */
  changed(): void {
    this.#last.step = -1;
  }

  /** Called after every slice. `driving`: what moves the run, a step() that waits or a run(); undefined when nothing does. */
  tell(training: Training | undefined, driving: 'run' | 'step' | undefined, now: () => number): void {
    const at = now();
    const last = this.#last;
    if (at - last.beat >= beatMs) {
      last.beat = at;
      void this.#send({ kind: 'beat' });
    }
    if (!training) return;
    if (driving && at - last.keep >= keepMs) {
      last.keep = at;
      training.keep();
    }
    if (driving && at - last.snapshot >= snapshotMs) this.#snap(training, at);
    if (this.#reporting) return;
    const pause = Math.max(frameMs, 4 * last.cost) * (driving === 'step' ? 4 : 1);
    if (!this.owed && (training.steps === last.step || at - last.report < pause)) return;
    this.owed = false;
    last.step = training.steps;
    last.report = at;
    const report = training.report();
    last.cost = now() - at;
    this.#reporting = true;
    void this.#send({ kind: 'report', report }).finally(() => {
      this.#reporting = false;
    });
  }

  /** A copy of the state for the other side, so that a dead worker costs seconds, not the run. Rarer for large models. */
  #snap(training: Training, at: number): void {
    const last = this.#last;
    last.snapshot = at;
    if (training.status === 'diverged') return;
    try {
      const bytes = training.run.snapshot();
      last.snapshot = at + bytes.length / 1e4;
      void this.#send({ kind: 'snapshot', step: training.steps, bytes });
    } catch (thrown) {
      const error = toLabError(thrown);
      if (error.code !== 'out_of_memory') throw error;
      last.snapshot = Infinity; // no room for a copy: the run goes on without
    }
  }

  fail(error: LabError): void {
    void this.#send({ kind: 'failed', code: error.code, message: error.message });
  }
}
