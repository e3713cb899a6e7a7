// Starting the worker of the first lessons' engines; as spawn.ts, in a file of its own so that only a session that wants it loads it.
import BareWorker from './bare-worker.ts?worker&inline';

export function spawnWorker(): Worker {
  return new BareWorker();
}
