// The engine of the digits' lesson: it draws the same digits as the tools, trains the same bits as the whole engine, and lacks the rest;
// and two things that its thousands of pictures need of a session: rows that travel once, and views that are not in every report.
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { instantiate } from '../../web/src/lab/engine.ts';
import { Host, type HostEvent } from '../../web/src/lab/host.ts';
import type { MlpConfig, Report, ViewSpec } from '../../web/src/lab/types.ts';
import { node_session } from '../support/node-session.ts';
import { open } from './sessions.ts';
import { openTools } from './tools-support.ts';

const config: MlpConfig = {
  kind: 'mlp',
  sizes: [2, 3, 1],
  hidden: 'sigmoid',
  output: 'sigmoid',
  loss: 'mse',
  init: { kind: 'xavier', a: 0 },
  batch: 2,
  x: [0, 0, 0, 1, 1, 0, 1, 1, 2, 2],
  t: [0, 1, 1, 0, 1],
  optimizer: { kind: 'sgd', lr: 0.5 },
  seed: 3,
};

describe("the digits' engine", () => {
  it('draws and fits the same digits as the tools', async () => {
    const session = await node_session('x2g-digits');
    const tools = await openTools('main', [], 'tools-data');
    const o = { seed: 4, first: 60_000, slant: 0.1 };
    expect(await session.digits(20, o)).toEqual(await tools.digits(20, o));
    const drawing = Float32Array.from({ length: 40 * 30 }, (_, i) => (i % 40 > 10 && i % 40 < 20 ? 1 : 0));
    expect(await session.fitDigit(drawing, 40, 30)).toEqual(await tools.fitDigit(drawing, 40, 30));
    tools.dispose();
  });
  it('trains the same bits as the whole engine', async () => {
    const [a, b] = [await node_session('x2g-digits'), await node_session()];
    for (const session of [a, b]) {
      await session.create(config);
      await session.step(50);
    }
    expect((await a.tensor('W1')).data).toEqual((await b.tensor('W1')).data);
  });
  it('refuses in words what it lacks, and what is no number', async () => {
    const session = await node_session('x2g-digits');
    const asked = async (work: () => unknown): Promise<string> => {
      try {
        await work();
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(await asked(() => session.activation('tanh', [1]))).toContain('built without activation');
    expect(await asked(() => session.digits(0))).toContain('0');
    expect(await asked(() => session.digits(3, { slant: 9 }))).toContain('slant 9');
    expect(await asked(() => session.digits(3, { slant: NaN }))).toContain('slant');
    expect(await asked(() => session.fitDigit([1, 2, 3], 2, 2))).toContain('3');
    const other = await node_session();
    expect(await asked(() => other.digits(3))).toContain('built without digits');
  });
  it('walks a table in its own order where it is not shuffled', async () => {
    const session = await node_session('x2g-digits');
    await session.create({ ...config, shuffled: false });
    await session.watch([{ id: 'x', kind: 'tensor', name: 'x' }]);
    const seen: number[][] = [];
    for (let i = 0; i < 3; i++) seen.push(Array.from((await session.step(1)).views['x']?.['x']?.data ?? []));
    expect(seen).toEqual([
      [0, 0, 0, 1],
      [1, 0, 1, 1],
      [2, 2, 0, 0],
    ]);
  });
});

describe('views of many rows', () => {
  const rows = Float32Array.from([0.5, 0.5, 1, 1]);
  const view = (x: Float32Array | number[]): ViewSpec[] => [
    { id: 'a', kind: 'rows', x, tensors: ['x', 'y'] },
  ];

  it('are sent once: watched again, the same array is known to the host', async () => {
    const session = await open('small');
    await session.create(config);
    const first = await session.watch(view(rows));
    rows[0] = 9; // nobody sends it, so nobody sees it
    const again = await session.watch(view(rows));
    expect(again.views['a']).toEqual(first.views['a']);
    rows[0] = 0.5;
    expect((await session.reset(3)).views['a']).toEqual(first.views['a']);
    const other = await session.watch(view(Float32Array.from([7, 7])));
    expect(Array.from(other.views['a']?.['x']?.data ?? [])).toEqual([7, 7]);
  });

  it('come only so often while it runs, and always when it stands', async () => {
    const bytes = await readFile(new URL('../../web/engine/x2g-small.wasm', import.meta.url));
    const engine = await instantiate({ variant: 'simd128', wasm: await WebAssembly.compile(bytes) });
    const reports: Report[] = [];
    const send = async (event: HostEvent): Promise<void> => {
      if (event.kind === 'report') reports.push(event.report);
    };
    const host = new Host(engine, { sliceMs: 5, limit: 1e8, send });
    host.create(config);
    host.watch([
      { id: 'rare', kind: 'rows', x: [1, 1], tensors: ['y'], every: 60_000 },
      { id: 'often', kind: 'tensor', name: 'W1' },
    ]);
    host.run({ stepsPerSecond: 1000 });
    while (reports.length < 5) await new Promise((done) => setTimeout(done, 20));
    const running = reports.filter((r) => r.status === 'running');
    expect(running.filter((r) => r.views['rare'])).toHaveLength(1);
    expect(running.every((r) => r.views['often'])).toBe(true);
    expect(host.pause().views['rare']).toBeDefined();
    host.close();
  });
});
