// What a trained GPT writes, on the real engine: the cached way gives the text of the plain one, every option does what it says, a beam
// search is a tree whose sums are right, and the model leaves as files that others open.
import { beforeAll, describe, expect, it } from 'vitest';
import type { GenerateOptions } from '../../web/src/lab/types.ts';
import type { Session } from '../../web/src/lab/session.ts';
import { failure, open } from './sessions.ts';
import { tinyGpt } from './support.ts';

const CONTEXT = 16;
const STEPS = 150;
const prompt = 'The cat ';
const greedy = { prompt, tokens: 40, temperature: 0, topK: 0, seed: 1 };
const free = { ...greedy, temperature: 1, seed: 5 };

let weights: Uint8Array;
beforeAll(async () => {
  const session = await open();
  await session.create(tinyGpt());
  await session.step(STEPS);
  weights = await session.saveWeights();
}, 120_000);

async function trained(engine: 'whole' | 'text' = 'whole'): Promise<Session> {
  const session = await open(engine);
  await session.create(tinyGpt());
  await session.loadWeights(weights);
  return session;
}
const write = (session: Session, o: GenerateOptions): Promise<string> => session.generate(o, () => undefined);

describe('the cached way of writing', () => {
  it.each(['whole', 'text'] as const)(
    'gives what the plain forward pass expects, in the engine %s',
    async (engine) => {
      const session = await trained(engine);
      const text = await write(session, greedy);
      expect(text).toHaveLength(40); // more than the context: it is read anew, too
      for (let n = 0; n < text.length; n += 1) {
        const { next } = await session.look((prompt + text.slice(0, n)).slice(-CONTEXT));
        const label = { ' ': '␣', '\n': '⏎' }[text[n] ?? ''] ?? text[n];
        expect(next[0]?.label, `character ${n}`).toBe(label);
      }
    },
  );

  it('is the same in both engines, and from the same seed', async () => {
    const [a, b] = [await trained('whole'), await trained('text')];
    for (const o of [free, { ...free, topK: 5 }, { ...free, temperature: 0.5, topK: 20 }]) {
      const text = await write(a, o);
      expect(await write(b, o)).toBe(text);
      expect(await write(a, o)).toBe(text);
    }
    const filtered = { ...free, temperature: 0.5, topP: 0.8, repetition: 1.2 };
    expect(await write(a, filtered)).toBe(await write(a, filtered));
    for (const rare of ['topP', 'minP', 'typical', 'repetition', 'presence', 'frequency'])
      expect((await failure(write(b, { ...free, [rare]: 0.5 }))).message, rare).toContain("engine: 'whole'");
    expect(await write(a, { ...free, seed: 6 })).not.toBe(await write(a, free));
  });

  it('follows the weights that are trained, set and restored while it writes', async () => {
    const session = await trained();
    const before = await session.snapshot();
    const old = await write(session, greedy);
    await session.step(100);
    const text = await write(session, greedy);
    expect((await session.look(prompt)).next[0]?.label).toBe(text[0] === ' ' ? '␣' : text[0]);
    await session.restore(before);
    expect(await write(session, greedy)).toBe(old);
    // In the middle of a text: from the first character on that the new weights have drawn.
    const size = (await session.tensor('wte')).data.length;
    let piece = 0;
    const changed = await session.generate({ ...greedy, tokens: 4000 }, () => {
      if (++piece === 1) void session.set('wte', new Float32Array(size)); // all logits are 0: the first character
    });
    expect(changed.at(-1)).toBe('\n');
    expect(changed.slice(-100)).toBe('\n'.repeat(100));
  });

  it('reads less again where it is asked to, and is whole before that', async () => {
    const session = await trained();
    const [all, half] = [await write(session, free), await write(session, { ...free, keep: CONTEXT / 2 })];
    const fits = CONTEXT - prompt.length + 1; // drawn from a context that was never full
    expect(half.slice(0, fits)).toBe(all.slice(0, fits));
    expect(half).toHaveLength(all.length);
    expect(half).not.toBe(all);
  });
});

describe('what is left of a draw', () => {
  it.each([{ topK: 1 }, { topP: 1e-6 }, { minP: 1 }])('%o is the likeliest token', async (o) => {
    const session = await trained();
    expect(await write(session, { ...free, ...o })).toBe(await write(session, greedy));
  });

  it('presence and frequency forbid what was there, a negative frequency repeats it', async () => {
    const session = await trained();
    const fresh = await write(session, { ...greedy, tokens: 10, presence: 10, frequency: 10 });
    expect(new Set(prompt + fresh).size).toBe(new Set(prompt).size + 10);
    const stuck = await write(session, { ...greedy, frequency: -10 });
    expect(new Set(stuck.slice(-10)).size).toBe(1);
    const plain = await write(session, greedy);
    expect(await write(session, { ...greedy, repetition: 2 })).not.toBe(plain);
    // Only the newest token counts: none stands twice in a row, but tokens come back.
    const short = await write(session, { ...greedy, presence: 10, frequency: 10, penaltyTokens: 1 });
    expect([...short].every((c, i) => i === 0 || c !== short[i - 1])).toBe(true);
    expect(new Set(short).size).toBeLessThan(short.length);
  });

  it('ends before the first stop text that is complete', async () => {
    const session = await trained();
    const text = await write(session, free);
    const [a, b] = [text.slice(12, 15), text.slice(20, 22)];
    const first = Math.min(text.indexOf(a) + 3, text.indexOf(b) + 2);
    const end = first === text.indexOf(a) + 3 ? text.indexOf(a) : text.indexOf(b);
    const pieces: string[] = [];
    expect(await session.generate({ ...free, stop: [b, 'never', a] }, (p) => pieces.push(p))).toBe(
      text.slice(0, end),
    );
    expect(pieces.join('')).toBe(text.slice(0, end));
    expect(await write(session, { ...free, stop: [] })).toBe(text);
    expect(await write(session, { ...free, stop: '' })).toBe(text);
    // Two that end together: the longer counts. One that only begins at the end is given in full.
    expect(await write(session, { ...free, stop: [text.slice(14, 15) + 'ﬀ', text.slice(38) + 'x'] })).toBe(
      text,
    );
    const [long, short] = [text.slice(30, 40), text.slice(36, 40)];
    if (text.indexOf(short) === 36 && text.indexOf(long) === 30)
      expect(await write(session, { ...free, stop: [short, long] })).toBe(text.slice(0, 30));
  });

  const wrong: [Partial<GenerateOptions>, RegExp][] = [
    [{ topP: 0 }, /^topP is 0;/],
    [{ topP: 1.1 }, /^topP is 1\.1;/],
    [{ minP: 2 }, /^minP is 2;/],
    [{ typical: 0 }, /typical is 0/],
    [{ repetition: 0 }, /repetition is 0/],
    [{ presence: 11 }, /presence is 11/],
    [{ frequency: -11 }, /frequency is -11/],
    [{ temperature: -1 }, /temperature of -1/],
    [{ topK: 1.5 }, /topK is 1\.5/],
    [{ keep: CONTEXT + 1 }, /keep is 17/],
    [{ penaltyTokens: -1 }, /penaltyTokens is -1/],
    [{ topP: 'most' as unknown as number }, /topP is "most"/],
    [{ stop: Array(17).fill('x') as string[] }, /17 texts; at most 16/],
    [{ stop: 4 as unknown as string }, /stop is 4/],
  ];
  it.each(wrong)('%o is refused', async (o, sentence) => {
    const error = await failure(write(await trained(), { ...free, ...o }));
    expect([error.code, error.message]).toEqual(['invalid_argument', expect.stringMatching(sentence)]);
  });
});

describe('the steps of a draw', () => {
  it('tell what each filter removed', async () => {
    const session = await trained();
    const o = { temperature: 0.8, topK: 12, topP: 0.9, minP: 0.02, typical: 0.95, repetition: 1.3, seed: 3 };
    const { steps, removedBy, drawn } = await session.decodingSteps(prompt, o);
    expect(steps.map(({ step }) => step)).toEqual([
      'model',
      'penalties',
      'temperature',
      'topK',
      'topP',
      'minP',
      'typical',
    ]);
    const vocab = removedBy.length;
    let before = vocab;
    for (const { step, kept, p } of steps) {
      expect(p).toHaveLength(vocab);
      expect(p.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
      expect(p.filter((v) => v > 0)).toHaveLength(kept);
      expect(removedBy.filter((by) => by === step)).toHaveLength(before - kept);
      before = kept;
    }
    expect(steps[3]?.kept).toBe(12);
    expect(before).toBeLessThan(12);
    expect(removedBy.filter((by) => by === null)).toHaveLength(before);
    expect(removedBy[drawn]).toBeNull();
    // `model` is what look() shows, and the draw is the one that generate() makes.
    const { next } = await session.look(prompt);
    expect(steps[0]?.p[next[0]?.id ?? -1]).toBeCloseTo(next[0]?.p ?? NaN, 6);
    const text = await write(session, { ...o, prompt, tokens: 1 });
    const { vocabulary = [] } = await session.create(tinyGpt());
    expect(vocabulary[drawn]).toBe({ ' ': '␣', '\n': '⏎' }[text] ?? text);
  });
});

describe('beam search', () => {
  it('is a tree whose sums are right', async () => {
    const session = await trained();
    const alpha = 0.7;
    const {
      prompt: read,
      nodes,
      beam,
      ranked,
      texts,
    } = await session.beam({ prompt, width: 3, length: 6, alpha });
    expect(read).toBe(prompt);
    expect(nodes[0]).toMatchObject({ parent: null, depth: 0, total: 0 });
    for (const [i, node] of nodes.entries()) {
      if (node.parent === null) continue;
      const parent = nodes[node.parent];
      expect(node.parent).toBeLessThan(i);
      expect(parent?.kept).toBe(true);
      expect(node.depth).toBe((parent?.depth ?? NaN) + 1);
      expect(node.logP).toBeLessThanOrEqual(0);
      expect(node.total).toBeCloseTo((parent?.total ?? NaN) + node.logP, 9);
      expect(node.score).toBeCloseTo(node.total / ((5 + node.depth) / 6) ** alpha, 9);
    }
    for (let depth = 1; depth <= 6; depth += 1) {
      const [kept, cut] = [true, false].map((is) =>
        nodes.filter((n) => n.depth === depth && n.kept === is).map((n) => n.total),
      );
      expect(kept).toHaveLength(3);
      expect(Math.min(...(kept ?? []))).toBeGreaterThanOrEqual(Math.max(...(cut ?? [])));
    }
    expect(beam.map((i) => nodes[i]?.depth)).toEqual([6, 6, 6]);
    const scores = ranked.map((i) => nodes[i]?.score ?? NaN);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(texts.map((text) => text.length)).toEqual([6, 6, 6]);
  });

  it('of width 1 is greedy, and a wider one finds nothing less likely', async () => {
    const session = await trained();
    const one = await session.beam({ prompt, width: 1, length: 7 });
    expect(one.texts).toEqual([await write(session, { ...greedy, tokens: 7 })]);
    const many = await session.beam({ prompt, width: 20, length: 7 });
    const total = (tree: typeof one) => tree.nodes[tree.ranked[0] ?? 0]?.total ?? NaN;
    expect(total(many)).toBeGreaterThanOrEqual(total(one));
  });

  it('finishes what reaches the end token', async () => {
    const session = await trained();
    const { nodes, ranked, texts } = await session.beam({ prompt, width: 8, length: 7, end: ' ' });
    const finished = ranked.filter((i) => nodes[i]?.finished);
    expect(finished.length).toBeGreaterThan(0);
    for (const [k, i] of ranked.entries())
      expect(texts[k]?.indexOf(' ')).toBe(nodes[i]?.finished ? (texts[k]?.length ?? 0) - 1 : -1);
  });

  it('refuses what does not fit, and weights that change meanwhile', async () => {
    const session = await trained();
    const wrong: [object, RegExp][] = [
      [{ width: 0 }, /width is 0/],
      [{ length: CONTEXT }, /length is 16/],
      [{ alpha: 9 }, /alpha is 9/],
      [{ end: 'ab' }, /end is "ab".*one token/],
      [{ end: '☂' }, /end is "☂"/],
      [{ width: 'wide' }, /width is "wide"/],
    ];
    for (const [o, sentence] of wrong) {
      const error = await failure(session.beam({ prompt, length: 5, ...o }));
      expect([error.code, error.message]).toEqual(['invalid_argument', expect.stringMatching(sentence)]);
    }
    const long = failure(session.beam({ prompt, width: 500, length: 14 }));
    await session.step(1);
    const error = await long;
    expect([error.code, error.message]).toEqual(['bad_state', expect.stringMatching(/trained.*pause/)]);
    const replaced = failure(session.beam({ prompt, width: 500, length: 14 }));
    await session.create(tinyGpt());
    expect((await replaced).message).toMatch(/replaced/);
  });
});

describe('files for Hugging Face', () => {
  it('hold the config, the weights and the tokens', async () => {
    const session = await trained();
    const { files, notes } = await session.exportHuggingFace();
    const text = (name: string): unknown =>
      JSON.parse(new TextDecoder().decode(files.find((file) => file.name === name)?.bytes));
    expect(files.map(({ name }) => name)).toEqual([
      'config.json',
      'model.safetensors',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
    expect(text('config.json')).toMatchObject({
      ...{ architectures: ['GPT2LMHeadModel'], n_layer: 2, n_head: 2, n_embd: 32, n_positions: CONTEXT },
    });
    expect(files[1]?.bytes).toEqual(await session.saveWeights());
    const { vocabulary = [] } = await session.create({ ...tinyGpt(), bias: false });
    expect(Object.keys((text('tokenizer.json') as { model: { vocab: object } }).model.vocab)).toHaveLength(
      vocabulary.length,
    );
    expect(notes).toEqual([]);
    expect((await session.exportHuggingFace()).notes).toEqual([expect.stringMatching(/biases/)]);
  });
});

describe("the language lessons' engine", () => {
  it('refuses by name what only the whole one has', async () => {
    const session = await trained('text');
    for (const work of [
      session.beam({ prompt }),
      session.decodingSteps(prompt, free),
      session.exportHuggingFace(),
    ]) {
      const error = await failure(work);
      expect([error.code, error.message]).toEqual(['bad_state', expect.stringMatching(/engine: 'whole'/)]);
    }
  });

  it('writes and reads weights files by way of the whole one, the same bytes', async () => {
    const [text, whole] = [await open('text'), await open()];
    for (const session of [text, whole]) {
      await session.create(tinyGpt());
      await session.step(3);
    }
    const file = await text.saveWeights();
    expect(file).toEqual(await whole.saveWeights());
    await text.step(3);
    const { loss } = await text.loadWeights(file);
    expect(await text.weights()).toEqual(await whole.weights());
    expect((await text.step(1)).loss).toBeLessThan(loss + 1);
    const before = await text.weights();
    const damaged = file.slice(0, file.length - 4);
    expect(await failure(text.loadWeights(damaged))).toMatchObject({ code: 'bad_file' });
    expect(await text.weights()).toEqual(before);
  });

  it('is taught the stories that it tells, and tells those of the whole one', async () => {
    const [text, whole] = [await open('text'), await open()];
    for (const lang of ['en', 'ja'] as const)
      expect(await text.stories(lang, 3000, 7)).toBe(await whole.stories(lang, 3000, 7));
    const error = await failure(text.stories('fr' as 'en', 100, 1));
    expect([error.code, error.message]).toEqual(['invalid_argument', expect.stringMatching(/en or ja/)]);
  });

  it('and the whole one asks for a language model', async () => {
    const session = await open();
    const error = await failure(session.exportHuggingFace());
    expect(error.message).toMatch(/no run yet/);
  });
});
