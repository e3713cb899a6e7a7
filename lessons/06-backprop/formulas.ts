/**
 * The formula of the op that has just run, with its numbers put in, as lines under the graph. A term knows the tensors it is made of:
 * it lights up when one of them is looked at in the graph, and the other way round.
 */
import { html, nothing, type Lang, type TemplateResult } from '@x2g/web/elements';
import { formatNumber } from '@x2g/web/math';
import {
  factor,
  forward_numbers,
  label,
  note,
  shares,
  type Mistake,
  type Numbers,
  type Op,
  type Term,
} from './chain.ts';

export interface Looking {
  /** The tensor or op that is looked at now. */
  selected: string | undefined;
  look(name: string | undefined): void;
}

export function term(
  text: string,
  of: readonly string[],
  { selected, look }: Looking,
  kind = '',
): TemplateResult {
  const lit = selected !== undefined && of.includes(selected);
  const [first] = of;
  return html`
    <span
      class=${`term ${kind}`}
      ?data-lit=${lit}
      @pointerenter=${() => look(first)}
      @pointerleave=${() => look(undefined)}
    >
      ${text}
    </span>
  `;
}

function product(
  parts: readonly Term[],
  looking: Looking,
  numbers: boolean,
  dropped: boolean,
): TemplateResult[] {
  return parts.map((part, i) => {
    const text = numbers ? factor(part.value) : part.text;
    const kind = `${i === 0 ? 'gradient' : ''} ${dropped && i > 0 ? 'dropped' : ''}`;
    return html`
      ${i > 0 ? (numbers ? ' × ' : ' · ') : nothing}${term(text, part.of, looking, kind)}
    `;
  });
}

/** One op backward: a line for each input that gets something. Two shares for one input are added up in a last line. */
export function backward_lines(
  node: Op,
  act: string,
  loss: string,
  n: Numbers,
  mistake: Mistake,
  looking: Looking,
) {
  const all = shares(node, act, loss, n, mistake);
  const twice = all.length > 1 && all[0]?.to === all[1]?.to;
  const lines = all.map((share) => {
    const parts = [share.arrives, share.slope];
    const name = `∂${label(loss)}/∂${label(share.to)}`;
    return html`
      <p class="line">
        ${term(twice ? `${name}, ${share.slot + 1}` : name, [share.to], looking, 'gradient')} =
        ${product(parts, looking, false, share.dropped)} = ${product(parts, looking, true, share.dropped)} =
        <b>${formatNumber(share.arrives.value * (share.dropped && !twice ? 1 : share.slope.value))}</b>
      </p>
    `;
  });
  if (!twice) return lines;
  const to = all[0]?.to ?? '';
  const each = all.map((share) => share.arrives.value * share.slope.value);
  return [
    ...lines,
    html`
      <p class="line">
        ${term(`∂${label(loss)}/∂${label(to)}`, [to], looking, 'gradient')} =
        ${each.map(
          (v, i) => html`
            ${i > 0 ? ' + ' : ''}
            <span class=${all[i]?.dropped ? 'dropped' : ''}>${factor(v)}</span>
          `,
        )}
        =
        <b>${formatNumber(each.reduce((sum, v, i) => sum + (all[i]?.dropped ? 0 : v), 0))}</b>
      </p>
    `,
  ];
}

export const forward_line = (node: Op, act: string, n: Numbers, looking: Looking): TemplateResult => html`
  <p class="line">
    ${term(label(node.name), [node.name], looking)} =
    ${term(
      note(node, act),
      node.inputs.flatMap((name) => name ?? []),
      looking,
    )}
    = ${forward_numbers(node, act, n)} =
    <b>${formatNumber(n.value(node.name))}</b>
  </p>
`;

/** w ← w − η ∂L/∂w with the numbers of the update just made. */
export function update_lines(
  weights: readonly { name: string; before: number; grad: number; now: number }[],
  lr: number,
  loss: string,
  looking: Looking,
): TemplateResult[] {
  return weights.map(
    ({ name, before, grad, now }) => html`
      <p class="line">
        ${term(label(name), [name], looking)} ← ${term(label(name), [name], looking)} − η ·
        ${term(`∂${label(loss)}/∂${label(name)}`, [name], looking, 'gradient')} = ${formatNumber(before)} −
        ${formatNumber(lr)} ×
        <span class="gradient">${factor(grad)}</span>
        =
        <b>${formatNumber(now)}</b>
      </p>
    `,
  );
}

/** The same with matrices: what the op hands back, as products whose shapes fit. */
export function matrix_lines({ op, name, inputs }: Op, f: string): TemplateResult[] {
  const [a = '', b = '', c = ''] = inputs.map((input) => label(input ?? ''));
  const layer = name.endsWith('2') ? '²' : '¹';
  const lines =
    op === 'mse'
      ? [`∂C/∂${a} = ${a} − ${b}`]
      : op === 'activation'
        ? [`δ${a.endsWith('₂') ? '²' : '¹'} = ∂C/∂${a} = ∂C/∂${label(name)} ⊙ ${f}(${a})`]
        : [
            `∂C/∂${b} = δ${layer} ${a}ᵀ`,
            `∂C/∂${c} = δ${layer}`,
            ...(a === 'x' ? [] : [`∂C/∂${a} = ${b}ᵀ δ${layer}`]),
          ];
  return lines.map(
    (line) => html`
      <p class="line">${line}</p>
    `,
  );
}

const words = {
  title: { en: 'The four equations (Nielsen 2015)', ja: '4つの式（Nielsen 2015）' },
  equation: { en: 'equation', ja: '式' },
  shapes: { en: 'shapes', ja: '形' },
  numbers: { en: 'numbers', ja: '数値' },
  later: { en: 'not yet', ja: '未計算' },
};

/** BP1 to BP4 beside the engine's numbers. `grad` is undefined where the backward pass has not got to. */
export function equations(lang: Lang, grad: (name: string) => ArrayLike<number> | undefined): TemplateResult {
  const list = (name: string): string => {
    const data = grad(name);
    return data ? `[${Array.from(data, (v) => formatNumber(v, 2)).join('  ')}]` : words.later[lang];
  };
  const rows: [string, string, string, string][] = [
    ['BP1', 'δ² = (y − t) ⊙ f′(z₂)', '(2) = (2) ⊙ (2)', `δ² = ${list('z2')}`],
    ['BP2', 'δ¹ = (W₂ᵀ δ²) ⊙ f′(z₁)', '(3) = (3, 2)(2) ⊙ (3)', `δ¹ = ${list('z1')}`],
    ['BP3', '∂C/∂b₂ = δ²,  ∂C/∂b₁ = δ¹', '(2),  (3)', `${list('b2')},  ${list('b1')}`],
    ['BP4', '∂C/∂W₂ = δ² a₁ᵀ', '(2, 3) = (2)(3)', list('W2')],
    ['BP4', '∂C/∂W₁ = δ¹ xᵀ', '(3, 2) = (3)(2)', list('W1')],
  ];
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label=${words.title[lang]}>
      <table class="equations">
        <caption>${words.title[lang]}</caption>
        <thead>
          <tr>
            <td></td>
            <th scope="col">${words.equation[lang]}</th>
            <th scope="col">${words.shapes[lang]}</th>
            <th scope="col">${words.numbers[lang]}</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ([name, equation, shapes, numbers]) => html`
              <tr>
                <th scope="row">${name}</th>
                <td>${equation}</td>
                <td class="figure">${shapes}</td>
                <td class="figure gradient">${numbers}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
  `;
}
