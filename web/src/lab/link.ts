// How a session reaches its host: through a worker, or directly where no worker can start. Both look the same from above.
// A link that has failed stays failed; the session makes another.
import type { EngineSource } from './engine.ts';
import { LabError, toLabError } from './errors.ts';
import type { GraphHost } from './graph-host.ts';
import type { HostEvent } from './host.ts';
import type { ToolsHost } from './tools/host.ts';
import { asker, type Ask } from './wire.ts';
import type { EventMessage, HostKind, WorkerApi } from './worker-api.ts';

/** The public methods of a host. */
type MethodsOf<H> = {
  [K in keyof H as H[K] extends (...args: never[]) => unknown ? K : never]: H[K];
};
type Methods = MethodsOf<GraphHost> & MethodsOf<ToolsHost>;
export type HostMethod = keyof Methods;
export type HostResult<K extends HostMethod> = Awaited<ReturnType<Methods[K]>>;

export interface LinkOptions {
  source: EngineSource;
  limit: number; // bytes of wasm memory a run may take
  host(): Promise<HostKind>; // what works on the page, where no worker does
  onEvent(event: HostEvent): void;
  /** The worker reported an error of its own: it is dead. */
  onDeath(error: LabError): void;
}

export interface Link {
  readonly where: 'worker' | 'main';
  readonly version: string;
  call<K extends HostMethod>(name: K, ...args: Parameters<Methods[K]>): Promise<HostResult<K>>;
  /** Ends it; calls that wait are answered with the reason. */
  close(reason?: LabError): void;
}

const workerSliceMs = 12;
const mainSliceMs = 6;
const bootMs = 10_000;

/** A worker that never answers (blocked by a policy without an error) counts as one that cannot start. */
function within<T>(ms: number, work: Promise<T>, what: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout>;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LabError('not_loaded', what)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

export async function openWorker(start: () => Worker | Promise<Worker>, o: LinkOptions): Promise<Link> {
  const worker = await start();
  let ask: Ask<WorkerApi> | undefined = asker<WorkerApi>(worker);
  let die: (error: LabError) => void = () => undefined;
  const death = new Promise<never>((_, reject) => {
    die = (error) => {
      reject(error);
      if (ask) o.onDeath(error);
    };
  });
  death.catch(() => undefined);
  worker.onerror = (event) => {
    event.preventDefault();
    die(new LabError('engine_failed', `the worker failed: ${event.message || 'it could not start'}`));
  };
  worker.onmessageerror = () => die(new LabError('engine_failed', 'a message could not be read'));
  const close = (reason = new LabError('bad_state', 'the session was closed')): void => {
    ask = undefined;
    worker.terminate();
    die(reason);
  };
  try {
    worker.addEventListener('message', ({ data }: MessageEvent<EventMessage | undefined>) => {
      if (!ask || !data?.event) return;
      try {
        o.onEvent(data.event);
      } finally {
        void ask?.('handled', data.serial);
      }
    });
    const boot = ask('boot', o.source, { sliceMs: workerSliceMs, limit: o.limit });
    const version = await within(bootMs, Promise.race([boot, death]), 'the worker did not answer');
    return {
      where: 'worker',
      version,
      close,
      call: async <K extends HostMethod>(
        name: K,
        ...args: Parameters<Methods[K]>
      ): Promise<HostResult<K>> => {
        if (!ask) throw new LabError('bad_state', 'the session was closed');
        try {
          return (await Promise.race([ask('call', name, args), death])) as HostResult<K>;
        } catch (thrown) {
          throw toLabError(thrown);
        }
      },
    };
  } catch (thrown) {
    ask = undefined;
    worker.terminate();
    throw toLabError(thrown);
  }
}

export async function openMain(o: LinkOptions): Promise<Link> {
  const [Kind, { instantiate }] = await Promise.all([o.host(), import('./engine.ts')]);
  const engine = await instantiate(o.source);
  let open = true;
  const host = new Kind(engine, {
    sliceMs: mainSliceMs,
    limit: o.limit,
    send: async (event) => {
      if (open) o.onEvent(event);
    },
  });
  const methods = host as unknown as Record<HostMethod, (...args: unknown[]) => unknown>;
  return {
    where: 'main',
    version: host.version(),
    close: () => {
      open = false;
      host.close();
    },
    call: async <K extends HostMethod>(name: K, ...args: Parameters<Methods[K]>): Promise<HostResult<K>> => {
      if (!open) throw new LabError('bad_state', 'the session was closed');
      try {
        return (await methods[name](...args)) as HostResult<K>;
      } catch (thrown) {
        throw toLabError(thrown);
      }
    },
  };
}
