// The worker of the engine for graphs: as worker.ts, around a host that also trains graphs of one's own. Self-contained like that one.
import { expose } from 'comlink';
import { PlanHost } from './plan-host.ts';
import { makeWorkerApi } from './worker-api.ts';

const scope = self as unknown as { postMessage(message: unknown, transfers: Transferable[]): void };
expose(makeWorkerApi((message, transfers) => scope.postMessage(message, transfers), PlanHost));
