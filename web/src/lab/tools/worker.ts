// The worker of the tools: as ../worker.ts, around a host of tools. Self-contained like that one.
import { expose } from 'comlink';
import { makeWorkerApi } from '../worker-api.ts';
import { ToolsHost } from './host.ts';

const scope = self as unknown as { postMessage(message: unknown, transfers: Transferable[]): void };
expose(makeWorkerApi((message, transfers) => scope.postMessage(message, transfers), ToolsHost));
