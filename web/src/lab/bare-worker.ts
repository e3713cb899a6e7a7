// The worker of the first lessons' engines: as worker.ts, around a host that writes no text. Self-contained like that one.
import { FirstHost } from './first-host.ts';
import { serveHost } from './worker-api.ts';
import type { Port } from './wire.ts';

serveHost(self as unknown as Port, FirstHost);
