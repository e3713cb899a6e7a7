// What tests of sessions on the real engine share: sessions without a worker, closed after each test, and the error that a promise ends with.
import { readFile } from 'node:fs/promises';
import { afterEach, expect } from 'vitest';
import type { EngineSource } from '../../web/src/lab/engine.ts';
import { LabError } from '../../web/src/lab/errors.ts';
import { Session } from '../../web/src/lab/session.ts';

const sessions: Session[] = [];
afterEach(() => {
  for (const session of sessions.splice(0)) session.dispose();
});

const files = { whole: 'x2g', text: 'x2g-text', small: 'x2g-small' } as const;
const compiled = new Map<keyof typeof files, Promise<WebAssembly.Module>>();

async function compile(engine: keyof typeof files): Promise<WebAssembly.Module> {
  return WebAssembly.compile(
    await readFile(new URL(`../../web/engine/${files[engine]}.wasm`, import.meta.url)),
  );
}
/** By name: a session may open another engine beside its own. */
async function load(_: unknown, name: string): Promise<EngineSource> {
  const engine = name as keyof typeof files;
  const module = compiled.get(engine) ?? compile(engine);
  compiled.set(engine, module);
  return { variant: 'simd128', wasm: await module };
}

/** A session on an engine's own binary. */
export async function open(engine: keyof typeof files = 'whole'): Promise<Session> {
  const never = () => Promise.reject(new Error('no worker here'));
  const session = await Session.open(
    { where: 'main', engine },
    { load, loadBytes: load, worker: never, silenceMs: 60_000 },
  );
  sessions.push(session);
  return session;
}

/** The LabError that a promise ends with. */
export async function failure(work: Promise<unknown>): Promise<LabError> {
  const thrown: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(LabError);
  return thrown as LabError;
}
