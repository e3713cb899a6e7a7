// The worker of the tools: as ../worker.ts, around a host of tools. Self-contained like that one.
import { makeWorkerApi } from '../worker-api.ts';
import { ToolsHost } from './host.ts';
import { serve, type Port } from '../wire.ts';

const scope = self as unknown as Port;
serve(
  scope,
  makeWorkerApi((message, transfers) => scope.postMessage(message, transfers), ToolsHost),
);
