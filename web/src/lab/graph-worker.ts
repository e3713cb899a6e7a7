// The worker of the whole engine: as worker.ts, around a host that also keeps bare graphs. Self-contained like that one.
import { GraphHost } from './graph-host.ts';
import { makeWorkerApi } from './worker-api.ts';
import { serve, type Port } from './wire.ts';

const scope = self as unknown as Port;
serve(
  scope,
  makeWorkerApi((message, transfers) => scope.postMessage(message, transfers), GraphHost),
);
