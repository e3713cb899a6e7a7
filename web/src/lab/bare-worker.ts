// The worker of the first lessons' engines: as worker.ts, around a host that writes no text. Self-contained like that one.
import { expose } from 'comlink';
import { BareHost } from './bare-host.ts';
import { makeWorkerApi } from './worker-api.ts';

const scope = self as unknown as { postMessage(message: unknown, transfers: Transferable[]): void };
expose(makeWorkerApi((message, transfers) => scope.postMessage(message, transfers), BareHost));
