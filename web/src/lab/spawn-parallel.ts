// Starting the worker of a team; as spawn.ts, in a file of its own so that only a run of two workers or more loads it.
import ParallelWorker from './parallel-worker.ts?worker&inline';

export function spawnWorker(): Worker {
  return new ParallelWorker();
}
