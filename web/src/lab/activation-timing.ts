// Nanoseconds an element, measured on this machine: the clock reads around one call into the core that is repeated until it takes
// at least 5 ms; the median of seven. Clocks of pages are coarse (0.1 ms, 1 ms in some browsers), hence the 5.
import type { Engine } from './engine.ts';
import { number, word } from './checked.ts';

const leastMs = 5;
const samples = 7;

export async function timeActivation(
  engine: Engine,
  name: string,
  elements: number,
  derivative: boolean,
): Promise<number> {
  const bench = new engine.ActivationBench(word('name', name), number('elements', elements), derivative);
  try {
    const time = (repeats: number): number => {
      const start = performance.now();
      bench.run(repeats);
      return performance.now() - start;
    };
    let repeats = 1;
    while (time(repeats) < leastMs && repeats < 2 ** 29) repeats *= 2;
    const found: number[] = [];
    for (let i = 0; i < samples; i += 1) {
      await new Promise((resolve) => setTimeout(resolve)); // other calls get their turn between samples
      found.push((time(repeats) * 1e6) / (repeats * elements));
    }
    found.sort((a, b) => a - b);
    return found[(samples - 1) / 2] ?? NaN;
  } finally {
    bench.delete();
  }
}
