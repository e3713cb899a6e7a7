// Starting the worker of the engine for graphs; as spawn.ts, in a file of its own so that only a session that wants it loads it.
import PlanWorker from './plan-worker.ts?worker&inline';

export function spawnWorker(): Worker {
  return new PlanWorker();
}
