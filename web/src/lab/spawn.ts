// Starting the worker script. Vite bundles worker.ts into a string that becomes a blob; nothing is fetched for it.
import HostWorker from './worker.ts?worker&inline';

export function spawnWorker(): Worker {
  return new HostWorker();
}
