// What a session remembers of its run's config when seed or rates change, so that another worker can be told. The page loads this;
// how a config becomes the engine's fields (normalize.ts) it does not.
import { number, record } from './checked.ts';
import type { OptimizerConfig, RunConfig } from './types.ts';

export function withSeed(c: RunConfig, seed: number): RunConfig {
  return { ...c, seed: number('seed', seed) };
}

export function withChanges(c: RunConfig, changes: Partial<OptimizerConfig> | { rate: number }): RunConfig {
  record('the change', changes);
  if (c.kind === 'perceptron') {
    return { ...c, rate: number('rate', (changes as { rate?: unknown }).rate) };
  }
  return { ...c, optimizer: { ...c.optimizer, ...(changes as Partial<OptimizerConfig>) } };
}
