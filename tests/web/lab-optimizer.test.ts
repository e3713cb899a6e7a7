// The optimizer's settings on their way to the engine: defaults, and how many numbers per weight each kind keeps.
import { expect, test } from 'vitest';

import { optimizerFields, stateSlots } from '../../web/src/lab/normalize.ts';

test('what a page leaves out gets the core’s defaults', () => {
  expect(optimizerFields({ kind: 'rmsprop', lr: 0.01 })).toMatchObject({
    schedule: 'warmup_cosine',
    clip: 0,
    clipValue: 0,
    alpha: 0.99,
    gamma: 0.1,
    rise: 0.3,
    div: 25,
    finalDiv: 1e4,
  });
  expect(() => optimizerFields({ kind: 'sgd', lr: 1, gamma: NaN })).toThrow('optimizer.gamma');
});

test.each([
  ['sgd', 0, 0],
  ['sgd', 0.9, 1],
  ['nesterov', 0, 1],
  ['rmsprop', 0, 1],
  ['rmsprop', 0.9, 2],
  ['adagrad', 0.9, 1],
  ['adam', 0, 2],
  ['adamw', 0.9, 2],
] as const)('%s with momentum %f keeps %i numbers per weight', (kind, momentum, slots) => {
  expect(stateSlots(optimizerFields({ kind, lr: 0.1, momentum }))).toBe(slots);
});
