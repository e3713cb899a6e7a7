// The worker around a host. It is bundled into one self-contained classic script, because such a script starts from a blob wherever any
// worker may start: across origins, under a strict CSP, in sandboxed frames. It fetches nothing: the page hands it the module.
import { Host } from './host.ts';
import { serveHost } from './worker-api.ts';
import type { Port } from './wire.ts';

serveHost(self as unknown as Port, Host);
