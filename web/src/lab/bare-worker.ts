// The worker of the first lessons' engines: as worker.ts, around a host that writes no text. Self-contained like that one.
import { FirstHost } from './first-host.ts';
import { makeWorkerApi } from './worker-api.ts';
import { serve, type Port } from './wire.ts';

const scope = self as unknown as Port;
serve(
  scope,
  makeWorkerApi((message, transfers) => scope.postMessage(message, transfers), FirstHost),
);
