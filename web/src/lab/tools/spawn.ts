// Starting the worker of the tools; as ../spawn.ts, in a file of its own so that only a page that uses tools loads it.
import ToolsWorker from './worker.ts?worker&inline';

export function spawnWorker(): Worker {
  return new ToolsWorker();
}
