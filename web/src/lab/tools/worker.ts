// The worker of the tools: as ../worker.ts, around a host of tools. Self-contained like that one.
import { serveHost } from '../worker-api.ts';
import { ToolsHost } from './host.ts';
import type { Port } from '../wire.ts';

serveHost(self as unknown as Port, ToolsHost);
