// The same seed gives the same bits, whatever runs the simd128 binaries: after 1000 steps losses and weights are those of
// tests/golden/runs.json. Here in Node, by each engine that can make the run; tests/browser/golden.checks.mjs holds Chromium to the same
// file. A change of the arithmetic changes the hashes: put the new ones there and say in the commit what changed the bits.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { instantiate } from '../../web/src/lab/engine.ts';
import { Host } from '../../web/src/lab/host.ts';
import { grammarOf, languageOf } from '../../web/src/lab/story-grammars.ts';
import type { RunConfig } from '../../web/src/lab/types.ts';
import runs from '../golden/runs.json';
import { limit } from './support.ts';

async function hash(engine: string, config: RunConfig, steps: number): Promise<string> {
  const bytes = await readFile(new URL(`../../web/engine/${engine}.wasm`, import.meta.url));
  const made = await instantiate({ variant: 'simd128', wasm: await WebAssembly.compile(bytes) });
  const host = new Host(made, { sliceMs: 12, limit, send: async () => undefined });
  const lang = languageOf(config);
  if (lang && engine === 'x2g-text') host.teach(lang, (await grammarOf(lang)) ?? '');
  const { tensors } = host.create(config);
  const { loss } = await host.step(steps);
  const digest = createHash('sha256').update(Float64Array.of(loss));
  for (const { name, role } of tensors) if (role === 'parameter') digest.update(host.tensor(name).data);
  host.close();
  return digest.digest('hex');
}

describe.each(runs)('$name', ({ config, steps, hash: golden }) => {
  const engines = config.kind === 'gpt' ? ['x2g-text', 'x2g'] : ['x2g-small', 'x2g'];
  it.each(engines)(
    'has the golden bits after 1000 steps (%s)',
    async (engine) => {
      expect(await hash(engine, config as RunConfig, steps)).toBe(golden);
    },
    120_000,
  );
});
