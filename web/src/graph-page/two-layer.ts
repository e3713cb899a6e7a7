// XOR in two layers: 2 inputs, 4 tanh units, 1 answer.
// 2層でXOR：入力2つ、tanhのユニット4つ、答え1つ。
import { graph } from '@x2g/web/lab';

export function twoLayer() {
  const g = graph();
  const x = g.input('x', [4, 2]);
  const t = g.input('t', [4, 1]);

  const W1 = g.parameter('W1', [4, 2], { init: 'xavier' });
  const b1 = g.parameter('b1', [4]);
  const W2 = g.parameter('W2', [1, 4], { init: 'xavier' });
  const b2 = g.parameter('b2', [1]);

  const z1 = g.linear('z1', x, W1, b1);
  const h = g.activation('h', z1, 'tanh');
  const z2 = g.linear('z2', h, W2, b2);
  g.bceLogits('loss', z2, t);

  const rows = { x: [0, 0, 0, 1, 1, 0, 1, 1], t: [0, 1, 1, 0] };
  return {
    g,
    options: { optimizer: { kind: 'adamw', lr: 0.03 } as const },
    data: (_step: number) => rows,
  };
}
