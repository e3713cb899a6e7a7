/**
 * Nanoseconds a number for each function and its slope, measured now, on this machine, by the core that trains.
 */
import type { ActivationName, Session } from '@x2g/web/lab';
import { kinds } from './model.ts';

const ELEMENTS = 4096; // fits the first cache: what is measured is arithmetic, not memory

export interface Cost {
  id: ActivationName;
  forward: number;
  derivative: number;
}

export class Costs {
  rows: Cost[] = [];
  busy = false;
  done = 0;
  #stopped = false;
  private readonly changed: () => void;
  constructor(changed: () => void) {
    this.changed = changed;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** On a session of its own, so that training is not measured with it. */
  async measure(open: () => Promise<Session>, close: (session: Session) => void): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.#stopped = false;
    this.done = 0;
    this.changed();
    const session = await open();
    try {
      const rows: Cost[] = [];
      for (const { id } of kinds) {
        if (this.#stopped) return;
        const forward = await session.timeActivation(id, ELEMENTS, 'forward');
        rows.push({ id, forward, derivative: await session.timeActivation(id, ELEMENTS, 'derivative') });
        this.done = rows.length;
        this.changed();
      }
      this.rows = rows;
    } finally {
      close(session);
      this.busy = false;
      this.changed();
    }
  }
}
