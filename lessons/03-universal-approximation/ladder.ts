/**
 * One net for each number of hinges, trained and built by hand, on a session of its own: how the widest gap falls.
 */
import type { Session } from '@x2g/web/lab';
import { LIMIT, model, prepare, samples, type Values } from './model.ts';
import { places, widest } from './target.ts';

export const RUNGS = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32];

/** The widest gap that is left with so many hinges. */
export interface Rung {
  units: number;
  trained?: number;
  built?: number;
}

/** The widest gap of a net as it stands. */
export async function gap_of(session: Session, opt: Values): Promise<number> {
  const { y } = await session.evaluateRows(places, ['y']);
  return widest(opt.target, opt.own, y?.data ?? []).size;
}

/** Builds the net, trains it for so many steps and says what gap is left. */
export async function gap_after(session: Session, opt: Values, seed: number, steps: number): Promise<number> {
  const rows = samples(opt);
  await session.create(model(opt, seed, rows));
  await prepare(session, opt, rows);
  if (steps > 0) await session.step(steps);
  return gap_of(session, opt);
}

/** All rungs from below; `told` after each. A stopped signal ends it where it is. */
export async function climb(
  session: Session,
  opt: Values,
  seed: number,
  stop: AbortSignal,
  told: (rung: Rung) => void,
): Promise<void> {
  for (const units of RUNGS) {
    if (stop.aborted) return;
    const built = await gap_after(session, { ...opt, hidden: units, start: 'built' }, seed, 0);
    told({ units, built });
    if (stop.aborted) return;
    told({
      units,
      trained: await gap_after(session, { ...opt, hidden: units, start: 'random' }, seed, LIMIT),
    });
  }
}
