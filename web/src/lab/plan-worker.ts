// The worker of the engine for graphs: as worker.ts, around a host that also trains graphs of one's own. Self-contained like that one.
import { PlanHost } from './plan-host.ts';
import { serveHost } from './worker-api.ts';
import type { Port } from './wire.ts';

serveHost(self as unknown as Port, PlanHost);
