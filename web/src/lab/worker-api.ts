// What a worker answers to: boot it with a module, then call the host's methods by name. Errors travel with their code, arrays by transfer.
// worker.ts exposes it to the page; tests expose it on a message channel of their own.
import { transfer } from 'comlink';
import { buffersOf } from './buffers.ts';
import { instantiate, type EngineSource } from './engine.ts';
import { LabError, toLabError, toWire } from './errors.ts';
import { Host, type HostEvent } from './host.ts';

export interface BootOptions {
  sliceMs: number;
  limit: number;
}

export function makeWorkerApi() {
  let host: Host | undefined;

  return {
    /** Makes the instance. Events go to `send`, which resolves when the page has handled them. */
    async boot(
      source: EngineSource,
      o: BootOptions,
      send: (event: HostEvent) => Promise<void>,
    ): Promise<string> {
      try {
        const engine = await instantiate(source);
        host = new Host(engine, { ...o, send: (event) => send(transfer(event, buffersOf(event))) });
        return host.version();
      } catch (thrown) {
        throw toWire(new LabError('not_loaded', `the engine did not start: ${toLabError(thrown).message}`));
      }
    },

    /** Any method of the host by name. */
    async call(name: string, args: unknown[]): Promise<unknown> {
      try {
        if (!host) throw new LabError('bad_state', 'the engine has not started');
        const method = (host as unknown as Record<string, (...args: unknown[]) => unknown>)[name];
        if (typeof method !== 'function') throw new LabError('unknown_name', `the host has no "${name}"`);
        const result = await method.apply(host, args);
        return typeof result === 'object' && result !== null ? transfer(result, buffersOf(result)) : result;
      } catch (thrown) {
        throw toWire(thrown);
      }
    },
  };
}

export type WorkerApi = ReturnType<typeof makeWorkerApi>;
