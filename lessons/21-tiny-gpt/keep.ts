/**
 * A run that survives a reload: saved every few seconds on this device, offered again when the page opens. Nothing leaves the browser.
 */
import type { DemoState } from '@x2g/web/elements';
import { deleteRun, loadRun, saveRun, type SavedRun, type Session, type Where } from '@x2g/web/lab';

const KEY = 'tiny-gpt';
const EVERY_MS = 15_000;
const LONG = 1_000_000; // characters: a text of this length takes a moment to write, so it is saved less often

export interface Curves {
  step: number[];
  loss: number[];
  valStep: number[];
  valLoss: number[];
}
export interface Kept extends SavedRun {
  state: DemoState;
  own: string;
  name: string;
  curves: Curves;
}

const is_kept = (run: SavedRun | undefined): run is Kept =>
  typeof run?.['own'] === 'string' && typeof run['state'] === 'object' && typeof run['curves'] === 'object';

export class Keeper {
  where: Where | undefined;
  #busy = false;
  #last = 0;
  #pause = EVERY_MS;

  /** The run of an earlier visit, if there is one and it is whole. */
  async found(): Promise<Kept | undefined> {
    const run = await loadRun(KEY);
    return is_kept(run) ? run : undefined;
  }

  /** Saves unless it did so a moment ago; a failed save never fails the run. */
  async keep(session: Session, what: () => Omit<Kept, 'snapshot' | 'savedAt'>, now = false): Promise<void> {
    if (this.#busy || (!now && performance.now() - this.#last < this.#pause)) return;
    this.#busy = true;
    try {
      const snapshot = await session.snapshot();
      const all = { ...what(), snapshot, savedAt: Date.now() } as Kept;
      this.#pause = all.own.length > LONG ? 4 * EVERY_MS : EVERY_MS;
      this.where = await saveRun(KEY, all);
      this.#last = performance.now();
    } finally {
      this.#busy = false;
    }
  }

  async forget(): Promise<void> {
    await deleteRun(KEY);
  }
}
