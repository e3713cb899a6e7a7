/**
 * A step of lesson 2 op by op: every line of arithmetic that the page writes is true, and its result is the core's own number.
 */
import { describe, expect, it } from 'vitest';
import { defaults, partViews, type Report, type RunInfo } from '@x2g/web/elements';
import { workOf, type Work } from '@x2g/web/worked';
import { node_session } from '../../tests/support/node-session.ts';
import { model, options } from './model.ts';

type Line = Work['lines'][number];

const around: Record<string, (x: number) => number> = {
  '#': (x) => x,
  '−#': (x) => -x,
  '(#) / 4': (x) => x / 4,
  '# / 4': (x) => x / 4,
  '−(#) / 4': (x) => -x / 4,
  'tanh(#)': Math.tanh,
  'σ(#)': (x) => 1 / (1 + Math.exp(-x)),
  'ReLU(#)': (x) => Math.max(0, x),
  'step(#)': (x) => (x >= 0 ? 1 : 0),
};
/** The line worked out from the numbers written in it. */
function worked_out({ sum, around: f }: Line): number {
  const factor = ({ value, hole }: { value: number; hole?: string }): number =>
    hole === 'ln #' ? Math.log(value) : value;
  const total = sum.reduce((all, product) => all + product.reduce((a, b) => a * factor(b), 1), 0);
  const of = around[f];
  if (!of) throw new Error(`no function "${f}"`);
  return of(total);
}

async function steps_of(config: object, seed: number, each: (work: Work, report: Report) => void) {
  const session = await node_session();
  const opt = { ...defaults(options), ...config };
  const info: RunInfo = await session.create(model(opt, seed));
  await session.step(20);
  await session.watch(partViews(info));
  const units = 2 + 2 * info.nodes.length;
  for (let unit = 0; unit < 2 * units; unit += 1) {
    const report = await session.step(1, 'node');
    const work = workOf({
      report,
      info,
      hidden: opt.act,
      output: opt.act === 'step' ? 'step' : 'sigmoid',
      lr: opt.lr,
      row: opt.examples === 'one' ? 0 : opt.row - 1,
      unit: 0,
      name: (layer, at) => ['x', 'h', 'y'][layer] + String(at + 1),
    });
    if (!work) throw new Error('a step by ops is told');
    each(work, report);
  }
}

describe('a step of lesson 2, written out', () => {
  it.each([
    [{}],
    [{ examples: 'one' }],
    [{ act: 'sigmoid', row: 4 }],
    [{ act: 'relu', spread: 1, row: 3 }],
    [{ hidden: 3, examples: 'one' }],
    [{ act: 'step', spread: 1 }],
  ])('is true in every line, %j', async (config) => {
    const ops = new Set<string>();
    let lines = 0;
    await steps_of(config, 3, (work) => {
      ops.add(`${work.phase} ${work.op}`);
      for (const line of work.lines) {
        lines += 1;
        expect(line.more).toBe(0);
        expect(worked_out(line), `${work.phase} ${work.op}: ${line.of.text}`).toBeCloseTo(line.of.value, 5);
      }
    });
    expect([...ops]).toEqual(
      expect.arrayContaining(['forward z1', 'forward loss', 'backward h1', 'update ']),
    );
    expect(lines).toBeGreaterThan(30);
  });
  it('begins the update where the step before it ended', async () => {
    let before: Report | undefined;
    await steps_of({}, 1, (work, report) => {
      if (work.phase === 'update') {
        const W = before?.views['value W1']?.['W1']?.data ?? [];
        const first = work.lines.find((line) => line.of.text === 'W₁[1,2] ←');
        expect(first?.sum[0]?.[0]?.value).toBeCloseTo(W[1] ?? NaN, 6);
      }
      before = report;
    });
    expect.assertions(2);
  });
});
