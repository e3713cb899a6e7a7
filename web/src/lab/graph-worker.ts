// The worker of the whole engine: as worker.ts, around a host that also keeps bare graphs. Self-contained like that one.
import { expose } from 'comlink';
import { GraphHost } from './graph-host.ts';
import { makeWorkerApi } from './worker-api.ts';

const scope = self as unknown as { postMessage(message: unknown, transfers: Transferable[]): void };
expose(makeWorkerApi((message, transfers) => scope.postMessage(message, transfers), GraphHost));
