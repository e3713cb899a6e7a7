// Starting the worker of the whole engine; as spawn.ts, in a file of its own so that only a session that wants it loads it.
import GraphWorker from './graph-worker.ts?worker&inline';

export function spawnWorker(): Worker {
  return new GraphWorker();
}
