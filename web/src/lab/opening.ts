// How a session gets its first engine: the binary fetched, then a worker with the module, a worker with the bytes, or the page itself.
// What was found once is how another one is opened when the first dies.
import type { EngineSource } from './engine.ts';
import { LabError, toLabError } from './errors.ts';
import { openMain, openWorker, type Link, type LinkOptions } from './link.ts';
import { loadBytes, loadEngine } from './loader.ts';
import type { EngineName, Variant } from './types.ts';
import type { HostKind } from './worker-api.ts';

/** How a session opens: binary (default simd128), engine (default whole), worker or page (default: a worker where one can start). */
export interface OpenOptions {
  variant?: Variant | 'auto'; // default simd128: the same bits everywhere
  engine?: EngineName; // default whole; 'small' knows no language models
  where?: 'auto' | 'worker' | 'main';
  signal?: AbortSignal;
}

/** What a session is made of; tests hand in their own. */
export interface Parts {
  load(variant: Variant | 'auto', engine: EngineName): Promise<EngineSource>;
  loadBytes(variant: Variant, engine: EngineName): Promise<EngineSource>;
  worker(engine: EngineName | 'team'): Promise<Worker>;
  /** What works where no worker starts; left out: as a session has it. */
  host?(engine: EngineName): Promise<HostKind>;
  silenceMs: number;
}

/** Worker and host of the first lessons' engines, and of the others: each with what its engine knows and no more. */
const bare = {
  spawn: () => import('./spawn-bare.ts'),
  host: async (): Promise<HostKind> => (await import('./first-host.ts')).FirstHost,
};
const others: Partial<
  Record<EngineName, { spawn: () => Promise<{ spawnWorker(): Worker }>; host: () => Promise<HostKind> }>
> = {
  graph: {
    spawn: () => import('./spawn-plan.ts'),
    host: async () => (await import('./plan-host.ts')).PlanHost,
  },
  text: { spawn: () => import('./spawn.ts'), host: async () => (await import('./host.ts')).Host },
  whole: {
    spawn: () => import('./spawn-graph.ts'),
    host: async () => (await import('./graph-host.ts')).GraphHost,
  },
};

export const parts: Parts = {
  load: loadEngine,
  loadBytes,
  worker: async (engine) => {
    const spawn = engine === 'team' ? () => import('./spawn-parallel.ts') : (others[engine] ?? bare).spawn;
    return (await spawn()).spawnWorker();
  },
  silenceMs: 5000,
};

/** Begins to fetch what a session on that engine will need; what fails here is told when one opens. */
export function prepare(engine: EngineName): void {
  for (const work of [loadEngine('simd128', engine), (others[engine] ?? bare).spawn()])
    work.catch(() => undefined);
}

/** Bytes a run may take: the module's memory ends at 256 MB (its text, stack and copies need an eighth); phones of Apple kill earlier. */
function memoryLimit(): number {
  const { userAgent = '', maxTouchPoints = 0 } = typeof navigator === 'object' ? navigator : {};
  const ios = /iPad|iPhone|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);
  return ((ios ? 128 : 256) * 2 ** 20 * 7) / 8;
}

export type Hooks = Pick<LinkOptions, 'onEvent' | 'onDeath'>;
/** For runs of so many workers together; default 1. */
export type Opener = (hooks: Hooks, workers?: number) => Promise<Link>;

/** Tries a worker with the module, then with the bytes, then the page itself, as far as `where` allows. */
export async function firstLink(
  source: EngineSource,
  o: OpenOptions,
  p: Parts,
  hooks: Hooks,
): Promise<{ link: Link; reopen: Opener }> {
  const { where = 'auto', engine = 'whole' } = o;
  const limit = memoryLimit();
  const host = (): Promise<HostKind> => p.host?.(engine) ?? (others[engine] ?? bare).host();
  const team = async (workers: number, start: (() => Promise<Worker>) | undefined, l: LinkOptions) =>
    (await import('./parallel.ts')).openTeam(workers, start, l);
  const inWorker = (from: EngineSource): Opener => {
    return (h, workers = 1) => {
      const l = { source: from, limit, host, ...h };
      return workers > 1 ? team(workers, () => p.worker('team'), l) : openWorker(() => p.worker(engine), l);
    };
  };
  const onPage: Opener = (h, workers = 1) => {
    const l = { source, limit, host, ...h };
    return workers > 1 ? team(workers, undefined, l) : openMain(l);
  };
  const ways: (() => Opener | Promise<Opener>)[] = [];
  if (where !== 'main') {
    ways.push(() => inWorker(source));
    ways.push(async () => inWorker(await p.loadBytes(source.variant, engine)));
  }
  if (where !== 'worker') ways.push(() => onPage);
  let last: unknown;
  for (const way of ways) {
    try {
      const reopen = await way();
      return { link: await reopen(hooks), reopen };
    } catch (thrown) {
      last = thrown;
    }
  }
  throw new LabError('not_loaded', `The engine could not be started: ${toLabError(last).message}`);
}
