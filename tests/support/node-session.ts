/**
 * The real engine under Node: a simd128 module in web/engine/ (the whole one, or the digits') behind the host that a worker would run,
 * with a session's calls. For tests of lessons. Not a worker: no restart, no heartbeat; calls answer at once.
 */
import { readFile } from 'node:fs/promises';
import { instantiate } from '../../web/src/lab/engine.ts';
import { FirstHost } from '../../web/src/lab/first-host.ts';
import { GraphHost } from '../../web/src/lab/graph-host.ts';
import { PlanHost } from '../../web/src/lab/plan-host.ts';
import type { Session } from '../../web/src/lab/index.ts';

const MEMORY_LIMIT = 256 * 2 ** 20;
type Binary = 'x2g' | 'x2g-digits' | 'x2g-graph';
/** Each engine's host, as web/src/lab/opening.ts chooses it. */
const kinds = { x2g: GraphHost, 'x2g-digits': FirstHost, 'x2g-graph': PlanHost };
const compiled = new Map<Binary, Promise<WebAssembly.Module>>();

async function module(name: Binary): Promise<WebAssembly.Module> {
  const file = new URL(`../../web/engine/${name}.wasm`, import.meta.url);
  try {
    return await WebAssembly.compile(await readFile(file));
  } catch (cause) {
    throw new Error(`${file.pathname} cannot be used; run ./lab build first`, { cause });
  }
}

/** A fresh instance. Host's answers are values or promises; a test awaits them all, as it would a session's. */
export async function node_session(name: Binary = 'x2g'): Promise<Session> {
  const wasm = compiled.get(name) ?? module(name);
  compiled.set(name, wasm);
  const engine = await instantiate({ variant: 'simd128', wasm: await wasm });
  const host = new kinds[name](engine, { sliceMs: 50, limit: MEMORY_LIMIT, send: () => Promise.resolve() });
  return host as unknown as Session;
}
