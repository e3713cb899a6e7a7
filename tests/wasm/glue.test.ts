// The glue between JavaScript and the engines (wasm/glue.mjs): that the site has ours and not Emscripten's, and each promise of it that a
// lesson could break: texts of every kind, missing fields, objects of another kind or deleted ones, memory that grows under open views.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LabError, toLabError } from '../../web/src/lab/errors.ts';
import { optimizerFields } from '../../web/src/lab/normalize.ts';
import { engine, limit } from './support.ts';

const refusal = (work: () => unknown): LabError => {
  try {
    work();
  } catch (thrown) {
    return toLabError(thrown);
  }
  throw new Error('nothing was thrown');
};

const optimizer = optimizerFields({ kind: 'sgd', lr: 0.1 });
const gpt = (text: string) => ({
  ...{
    layers: 1,
    heads: 1,
    channels: 8,
    context: 8,
    batch: 1,
    bias: false,
    geluErf: false,
    tokenizer: 'char',
  },
  ...{ language: '', text, storyBytes: 0, storySeed: 1, validation: 0, shares: 1, optimizer, seed: 1 },
});

describe('the glue', () => {
  it('is ours, a tenth of what Emscripten writes', () => {
    const glue = readFileSync(new URL('../../web/engine/x2g.mjs', import.meta.url), 'utf8');
    expect(glue.length).toBeLessThan(6000);
    expect(glue).not.toContain('Module');
  });

  it('hands texts of every kind over and back', async () => {
    const e = await engine();
    const said = (name: string): string => refusal(() => e.gate(name, 2)).message;
    for (const name of ['', 'ä', '日本語🙂', '\uFEFFbom', 'a\0b', 'x'.repeat(10_000)])
      expect(said(name)).toContain(`"${name}"`);
    expect(said('\uD800')).toContain('\uFFFD'); // half a character is none
    const text = 'naïve café 🙂 '.repeat(40);
    const run = new e.GptRun(gpt(text), limit);
    expect(run.look('café 🙂').tokens.join('')).toBe('café␣🙂'); // a label shows its space
    run.delete();
  });

  it('names what is missing, of the wrong kind or gone, and goes on', async () => {
    const e = await engine();
    const lacking: Record<string, unknown> = gpt('some text that is long enough to be cut into windows');
    delete lacking.seed;
    expect(refusal(() => new e.GptRun(lacking as never, limit))).toMatchObject({
      code: 'invalid_argument',
      message: expect.stringContaining('Missing field: "seed"') as string,
    });
    expect(refusal(() => e.gate(5 as never, 2)).code).toBe('bad_state');
    const Run = (e as unknown as { Run: new () => unknown }).Run;
    expect(refusal(() => new Run()).message).toContain('no accessible constructor');
    const builder = new e.GraphBuilder();
    expect(refusal(() => e.exportHf(builder as never)).message).toContain('no GptRun');
    expect(refusal(() => e.exportHf(null as never)).message).toContain('as a GptRun');
    builder.delete();
    expect(refusal(() => builder.find('x')).message).toContain('deleted');
    expect(refusal(() => builder.delete()).code).toBe('bad_state');
    expect(Array.from(e.gate('and', 2).t)).toEqual([0, 0, 0, 1]);
  });

  it('runs methods of a base class on what is derived from it', async () => {
    const e = await engine();
    const run = new e.GptRun(gpt('to be or not to be, that is the question '.repeat(5)), limit);
    expect(run.steps()).toBe(0);
    run.configure({ ...optimizer, lr: 0.01 });
    expect(run.work(1e6, 1)).toBeGreaterThan(0);
    expect(run.steps()).toBe(1);
    run.delete();
  });

  it('grows the memory, and answers with room of its own', async () => {
    const e = await engine();
    const small = e.activation('relu', Float32Array.of(-1, 2));
    const big = e.activation('relu', new Float32Array(1 << 20).fill(3));
    for (let i = 0; i < 20; i++) e.stories('en', 400_000, i);
    expect([...small.y]).toEqual([0, 2]);
    expect(big.y.length).toBe(1 << 20);
    expect(big.y.every((y) => y === 3)).toBe(true);
    const hungry = gpt('abc '.repeat(100));
    const refused = refusal(
      () => new e.GptRun({ ...hungry, channels: 512, layers: 12, batch: 64, context: 64 }, 1e12),
    );
    expect(refused.code).toBe('out_of_memory');
    expect(e.version()).toMatch(/\d/);
  });
});
