// The worker of the whole engine: as worker.ts, around a host that also keeps bare graphs. Self-contained like that one.
import { GraphHost } from './graph-host.ts';
import { serveHost } from './worker-api.ts';
import type { Port } from './wire.ts';

serveHost(self as unknown as Port, GraphHost);
