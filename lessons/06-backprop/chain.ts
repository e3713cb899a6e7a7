/**
 * The chain rule of one op in words and numbers: what its slope is on each of its inputs, with the engine's own values put in.
 * For the two graphs of single numbers. Nothing here is what the engine computes with; a test holds the products to its gradients.
 */
import { formatNumber } from '@x2g/web/math';

export type Mistake = 'none' | 'slope' | 'path' | 'order';
export interface Op {
  name: string;
  op: string;
  inputs: readonly (string | null)[];
}
/** A tensor's value, and its gradient where the backward pass has got to. */
export interface Numbers {
  value(name: string): number;
  grad(name: string): number;
}

const shown: Record<string, string> = {
  w1: 'w₁',
  w2: 'w₂',
  z1: 'z₁',
  z2: 'z₂',
  h1: 'h₁',
  a1: 'a₁',
  W1: 'W₁',
  W2: 'W₂',
  b1: 'b₁',
  b2: 'b₂',
};
export const label = (name: string): string => shown[name] ?? name;
/** A number as a factor: negative ones in brackets. */
export const factor = (value: number): string =>
  value < 0 ? `(${formatNumber(value)})` : formatNumber(value);

/** One factor: what it is called, its value, the tensors that it is made of. */
export interface Term {
  text: string;
  value: number;
  of: string[];
}
/** What comes back to input `slot` of an op: the gradient that arrives, times the op's slope on that input. */
export interface Share {
  to: string;
  slot: number;
  arrives: Term;
  slope: Term;
  /** The mistake leaves this factor, or this whole share, out. */
  dropped: boolean;
}

const f_name: Record<string, string> = { sigmoid: 'σ', tanh: 'tanh', relu: 'ReLU', identity: '' };

/** An op as it stands in its box: "σ(z₁)". */
export function note({ op, inputs }: Op, act: string): string {
  const [a = '', b = ''] = inputs.map((name) => label(name ?? ''));
  if (op === 'linear')
    return a.length > 0 && b.startsWith('W') ? `${b}${a} + ${label(inputs[2] ?? '')}` : `${b} ${a}`;
  if (op === 'activation') return f_name[act] ? `${f_name[act]}(${a})` : a;
  if (op === 'mse') return `½(${a} − ${b})²`;
  if (op === 'mul') return a === b ? `${a}²` : `${a} ${b}`;
  return `${op} ${a}`;
}

/** The op forward, with numbers: "0.500 × 2.00". */
export function forward_numbers({ op, inputs }: Op, act: string, n: Numbers): string {
  const [a = Number.NaN, b = Number.NaN] = inputs.map((name) => (name === null ? Number.NaN : n.value(name)));
  if (op === 'linear') return `${factor(b)} × ${factor(a)}`;
  if (op === 'activation') return f_name[act] ? `${f_name[act]}(${formatNumber(a)})` : formatNumber(a);
  if (op === 'mse') return `½(${formatNumber(a)} − ${factor(b)})²`;
  if (op === 'mul') return `${factor(a)} × ${factor(b)}`;
  return `${op} ${formatNumber(a)}`;
}

/** f′ from the value that the engine has: σ′ = y(1 − y), tanh′ = 1 − y². */
function slope_of(act: string, z: string, y: string, n: Numbers): Term {
  const v = n.value(y);
  const of = [y];
  if (act === 'sigmoid') return { text: `${label(y)}(1 − ${label(y)})`, value: v * (1 - v), of };
  if (act === 'tanh') return { text: `(1 − ${label(y)}²)`, value: 1 - v * v, of };
  if (act === 'relu') return { text: `[${label(z)} > 0]`, value: n.value(z) > 0 ? 1 : 0, of: [z] };
  return { text: '1', value: 1, of: [] };
}

/** What goes back through an op, an entry for each input that wants it. `loss`: the last op, whose gradient is called ∂L/∂…. */
export function shares(node: Op, act: string, loss: string, n: Numbers, mistake: Mistake): Share[] {
  const arrives: Term = {
    text: `∂${label(loss)}/∂${label(node.name)}`,
    value: n.grad(node.name),
    of: [node.name],
  };
  const back = (slot: number, slope: Term, dropped = false): Share => ({
    to: node.inputs[slot] ?? '',
    slot,
    arrives,
    slope,
    dropped,
  });
  const [a = '', b = ''] = node.inputs.map((name) => name ?? '');
  const value_of = (name: string): Term => ({ text: label(name), value: n.value(name), of: [name] });
  if (node.op === 'linear') return [back(1, value_of(a)), ...(a === 'x' ? [] : [back(0, value_of(b))])];
  if (node.op === 'activation') return [back(0, slope_of(act, a, node.name, n), mistake === 'slope')];
  if (node.op === 'mse')
    return [back(0, { text: `(${label(a)} − ${label(b)})`, value: n.value(a) - n.value(b), of: [a, b] })];
  if (node.op === 'mul') return [back(0, value_of(b)), back(1, value_of(a), mistake === 'path')];
  // sin: its slope is cos; the engine's, for what arrives at the last op is 1.
  return [back(0, { text: `cos ${label(a)}`, value: n.grad(a) / n.grad(node.name), of: [a] })];
}

/** Every gradient as the mistake would have it: the chain rule over all ops by hand. mistake 'none' gives the engine's. */
export function by_hand(
  nodes: readonly Op[],
  act: string,
  n: Numbers,
  mistake: Mistake,
): Map<string, number> {
  const loss = nodes.at(-1)?.name ?? '';
  const grads = new Map<string, number>([[loss, 1]]);
  const order = mistake === 'order' ? nodes : [...nodes].reverse();
  for (const node of order)
    for (const share of shares(node, act, loss, n, mistake)) {
      const arrives = grads.get(node.name) ?? 0;
      const times = share.dropped ? (mistake === 'slope' ? 1 : 0) : share.slope.value;
      grads.set(share.to, (grads.get(share.to) ?? 0) + arrives * times);
    }
  return grads;
}
