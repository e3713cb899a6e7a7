/**
 * A shallow and a deep net with equally many parameters learn the same curve in lock step, on one session of its own.
 */
import type { Session } from '@x2g/web/lab';
import { LIMIT, model, prepare, type Learner, type Values } from './model.ts';

const ROUND = 50; // steps of one net before the other has its turn

export interface Lane {
  id: Learner;
  parameters: number;
  step: number[];
  loss: number[];
}

/** `told` is called after each round; a stopped signal ends the race where it is. */
export async function race(
  session: Session,
  opt: Values,
  seed: number,
  told: (lanes: Lane[]) => void,
  stop: AbortSignal,
): Promise<void> {
  const lanes: Lane[] = (['shallow', 'deep'] as const).map((id) => ({
    id,
    parameters: 0,
    step: [],
    loss: [],
  }));
  const kept = new Map<Learner, Uint8Array>();
  for (let step = 0; step <= LIMIT && !stop.aborted; step += ROUND) {
    for (const lane of lanes) {
      if (stop.aborted) return;
      const own: Values = { ...opt, learner: lane.id };
      lane.parameters = (await session.create(model(own, seed))).parameterCount;
      const snapshot = kept.get(lane.id);
      if (snapshot) await session.restore(snapshot);
      else await prepare(session, own);
      const report = step === 0 ? await session.report() : await session.step(ROUND);
      lane.step.push(report.step);
      lane.loss.push(report.loss);
      kept.set(lane.id, await session.snapshot());
    }
    told(lanes);
  }
}
