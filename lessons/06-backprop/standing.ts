/**
 * Where a step stands between its ops, read from a report: which values and gradients are there already, and which op ran last.
 * A step goes batch, forward op by op, backward op by op, update; a report names the op that comes next.
 */
import type { Lang, Report } from '@x2g/web/elements';
import type { Op } from './chain.ts';

export interface Standing {
  phase: 'forward' | 'backward' | 'update' | 'between';
  /** The op that ran last in this phase; undefined: none yet. */
  last: number | undefined;
  has_value(node: number): boolean;
  /** Of a tensor by name: all who read it have passed their share back. */
  has_grad(name: string): boolean;
}

export function standing(report: Report, nodes: readonly Op[], running: boolean): Standing {
  const readers = (name: string): number[] =>
    nodes.flatMap((node, i) => (node.inputs.includes(name) ? [i] : []));
  const { grain } = report;
  const all = () => true;
  if (running || grain === undefined) {
    // Between steps: values and gradients are those of the pass before the update; at the beginning there are only values.
    return { phase: 'between', last: undefined, has_value: all, has_grad: () => report.step > 0 };
  }
  if (grain.phase === 'update') return { phase: 'update', last: 0, has_value: all, has_grad: all };
  if (grain.phase === 'backward') {
    const last = grain.node + 1 < nodes.length ? grain.node + 1 : undefined;
    return {
      phase: 'backward',
      last,
      has_value: all,
      has_grad: (name) =>
        readers(name).every((i) => i > grain.node) && (last !== undefined || readers(name).length === 0),
    };
  }
  const next = grain.phase === 'forward' ? grain.node : 0;
  return {
    phase: 'forward',
    last: next > 0 ? next - 1 : undefined,
    has_value: (node) => node < next,
    has_grad: () => false,
  };
}

/** What to press next, where no op has its formula shown. */
export function hint(s: Standing | undefined, running: boolean, step: number): Record<Lang, string> {
  if (running) return { en: 'Whole steps are running.', ja: '学習のステップを続けて実行しています。' };
  if (s?.last === undefined && (s?.phase === 'backward' || step === 0))
    return {
      en: 'All values are there. Press Backward: the gradient starts at the loss, with the value 1.',
      ja: '値はそろっています。「逆方向に1つ」を押してください。勾配は損失から、1として出発します。',
    };
  return { en: 'Press Forward, then Backward.', ja: '「順方向」、続いて「逆方向に1つ」を押してください。' };
}

/** What the figure calls them. */
export const phases = {
  forward: { en: 'forward', ja: '順方向' },
  backward: { en: 'backward', ja: '逆方向' },
  update: { en: 'update next', ja: '次は更新' },
  between: { en: 'between steps', ja: 'ステップの間' },
};
