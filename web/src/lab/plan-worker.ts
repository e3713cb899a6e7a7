// The worker of the engine for graphs: as worker.ts, around a host that also trains graphs of one's own. Self-contained like that one.
import { PlanHost } from './plan-host.ts';
import { makeWorkerApi } from './worker-api.ts';
import { serve, type Port } from './wire.ts';

const scope = self as unknown as Port;
serve(
  scope,
  makeWorkerApi((message, transfers) => scope.postMessage(message, transfers), PlanHost),
);
