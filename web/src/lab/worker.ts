// The worker around a host. It is bundled into one self-contained classic script, because such a script starts from a blob wherever any
// worker may start: across origins, under a strict CSP, in sandboxed frames. It fetches nothing: the page hands it the module.
import { expose, transfer } from 'comlink';
import { buffersOf } from './buffers.ts';
import { instantiate, type EngineSource } from './engine.ts';
import { LabError, toLabError, toWire } from './errors.ts';
import { Host, type HostEvent } from './host.ts';

export interface BootOptions {
  sliceMs: number;
  limit: number;
}

let host: Host | undefined;

const api = {
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

export type WorkerApi = typeof api;

expose(api);
