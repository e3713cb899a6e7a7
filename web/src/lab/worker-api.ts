// What a worker answers to: boot it with a module, then call the host's methods by name. wire.ts carries both ways.
// Events go the same way as answers, so that a report never overtakes, nor is overtaken by, the answer made after it.
// worker.ts serves it to the page; tests serve it on a message channel of their own.
import { buffersOf } from './buffers.ts';
import { instantiate, type Engine, type EngineSource } from './engine.ts';
import { LabError, toLabError } from './errors.ts';
import type { HostEvent, HostOptions } from './telling.ts';
import { serve, type Port } from './wire.ts';

/** What works beside an engine: runs (host.ts), graphs, too (graph-host.ts), or tools (tools/host.ts). */
export type HostKind = new (
  engine: Engine,
  o: HostOptions,
) => {
  version(): string;
  close(): void;
};

export interface BootOptions {
  sliceMs: number;
  limit: number;
}

/** An event on its way; the page answers with handled(serial). It is no answer: it has no id. */
export interface EventMessage {
  event: HostEvent;
  serial: number;
}

export function makeWorkerApi(
  post: (message: EventMessage, transfers: Transferable[]) => void,
  Kind: HostKind,
) {
  let host: InstanceType<HostKind> | undefined;
  let serial = 0;
  const unhandled = new Map<number, () => void>();
  const send = (event: HostEvent): Promise<void> =>
    new Promise((resolve) => {
      unhandled.set(++serial, resolve);
      post({ event, serial }, buffersOf(event));
    });

  return {
    /** Makes the instance. */
    async boot(source: EngineSource, o: BootOptions): Promise<string> {
      try {
        const engine = await instantiate(source);
        host = new Kind(engine, { ...o, send });
        return host.version();
      } catch (thrown) {
        throw new LabError('not_loaded', `the engine did not start: ${toLabError(thrown).message}`);
      }
    },

    /** The page has handled that event. */
    handled(which: number): void {
      unhandled.get(which)?.();
      unhandled.delete(which);
    },

    /** Any method of the host by name. */
    async call(name: string, args: unknown[]): Promise<unknown> {
      if (!host) throw new LabError('bad_state', 'the engine has not started');
      const method = (host as unknown as Record<string, (...args: unknown[]) => unknown>)[name];
      if (typeof method !== 'function') throw new LabError('unknown_name', `the host has no "${name}"`);
      return method.apply(host, args);
    },
  };
}

export type WorkerApi = ReturnType<typeof makeWorkerApi>;

/** Makes a worker's scope answer for a host of that kind. */
export function serveHost(scope: Port, Kind: HostKind): void {
  serve(
    scope,
    makeWorkerApi((message, transfers) => scope.postMessage(message, transfers), Kind),
  );
}
