/**
 * The same net trained with every function, in lock step: a few steps of each in turn, on one session of its own.
 */
import type { ActivationName, Session } from '@x2g/web/lab';
import { kinds, model, RACE, type Rows, type Values } from './model.ts';

const ROUND = 20; // steps of one function before the next has its turn

export interface Lane {
  id: ActivationName;
  step: number[];
  loss: number[];
  ended: string | undefined; // a tensor that went non-finite
}

/** `told` is called after each round; a stopped signal ends the race where it is. */
export async function race(
  session: Session,
  opt: Values,
  seed: number,
  rows: Rows,
  told: (lanes: Lane[]) => void,
  stop: AbortSignal,
): Promise<void> {
  const lanes: Lane[] = kinds.map(({ id }) => ({ id, step: [], loss: [], ended: undefined }));
  const kept = new Map<ActivationName, Uint8Array>();
  for (let step = 0; step <= RACE && !stop.aborted; step += ROUND) {
    for (const lane of lanes) {
      if (lane.ended !== undefined || stop.aborted) continue;
      await session.create(model(lane.id, opt, seed, rows));
      if (opt.bias !== 0) await set_bias(session, opt.bias, step === 0);
      const snapshot = kept.get(lane.id);
      if (snapshot) await session.restore(snapshot);
      const report = step === 0 ? await session.report() : await session.step(ROUND);
      lane.step.push(report.step);
      lane.loss.push(report.loss);
      if (report.status === 'diverged') lane.ended = report.problem?.tensor ?? '';
      else kept.set(lane.id, await session.snapshot());
    }
    told(lanes);
  }
}

/** The hidden layers' biases at the start. */
export async function set_bias(session: Session, bias: number, wanted = true): Promise<void> {
  if (!wanted) return;
  for (const name of ['b1', 'b2']) {
    const { data } = await session.tensor(name);
    await session.set(name, new Float32Array(data.length).fill(bias));
  }
}
