// One block of a GPT on a text that goes round and round: each character's task is to guess the next.
// 回り続ける文章を読むGPTの1ブロック。どの文字からも、次の文字を当てます。
import { graph, type OpInput } from '@x2g/web/lab';

const text = 'xor to gpt, ';
const alphabet = [...new Set(text)];
const [B, T, C, V] = [8, 12, 16, alphabet.length];

export function gptBlock() {
  const g = graph();
  const ids = g.input('ids', [B, T]);
  const targets = g.input('targets', [B, T]);
  const weight = (name: string, shape: number[]) => g.parameter(name, shape, { init: 'normal', a: 0.08 });
  const norm = (name: string, of: OpInput) =>
    g.layernorm(
      name,
      of,
      g.parameter(`${name}.w`, [C], { init: 'constant', a: 1 }),
      g.parameter(`${name}.b`, [C]),
    );

  const wte = weight('wte', [V, C]);
  const tokens = g.embedding('tokens', ids, wte);
  const x = g.addPositions('x', tokens, weight('wpe', [T, C]));

  const qkv = g.linear('qkv', norm('ln1', x), weight('Wqkv', [3 * C, C]));
  const attended = g.attention('attended', qkv, { heads: 2, causal: true });
  const x1 = g.add('x1', x, g.linear('proj', attended, weight('Wproj', [C, C])));

  const up = g.linear('up', norm('ln2', x1), weight('Wup', [4 * C, C]));
  const gelu = g.activation('gelu', up, 'gelu_tanh');
  const x2 = g.add('x2', x1, g.linear('down', gelu, weight('Wdown', [C, 4 * C])));

  const logits = g.linear('logits', norm('lnf', x2), wte); // the embedding again: tied weights
  g.softmaxXent('loss', logits, targets);

  // Row b of step s begins at character 5s + b.
  const id = (at: number) => alphabet.indexOf(text[at % text.length] ?? '');
  const data = (step: number) => {
    const places = Array.from({ length: B * T }, (_, i) => 5 * step + Math.floor(i / T) + (i % T));
    return { ids: places.map(id), targets: places.map((at) => id(at + 1)) };
  };
  return { g, options: { optimizer: { kind: 'adamw', lr: 0.01 } as const }, data };
}
