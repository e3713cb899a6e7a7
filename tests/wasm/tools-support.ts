// What the tests of the tools share: tools on the page's own thread or in a worker, and the error that a promise ends with.
import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import type { EngineSource } from '../../web/src/lab/engine.ts';
import { LabError } from '../../web/src/lab/errors.ts';
import { ToolsHost } from '../../web/src/lab/tools/host.ts';
import { Tools } from '../../web/src/lab/tools.ts';
import { FakeWorker } from './fake-worker.ts';

export type ToolsEngineName = 'tools' | 'tools-text' | 'tools-data';

async function toolsSource(_: unknown, engine: string): Promise<EngineSource> {
  const bytes = await readFile(new URL(`../../web/engine/x2g-${engine}.wasm`, import.meta.url));
  return { variant: 'simd128', wasm: await WebAssembly.compile(bytes) };
}

/** Workers are put into `started`, to be hung by a test. */
export function openTools(
  where: 'main' | 'worker',
  started: FakeWorker[] = [],
  engine: ToolsEngineName = 'tools',
): Promise<Tools> {
  return Tools.open(
    { where, engine },
    {
      load: toolsSource,
      loadBytes: toolsSource,
      worker: async () => {
        const worker = new FakeWorker(ToolsHost);
        started.push(worker);
        return worker as unknown as Worker;
      },
      host: async () => ToolsHost,
      silenceMs: 60_000,
    },
  );
}

/** The LabError that a promise ends with. */
export async function failure(work: Promise<unknown>, what = ''): Promise<LabError> {
  const thrown: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown, what).toBeInstanceOf(LabError);
  return thrown as LabError;
}
