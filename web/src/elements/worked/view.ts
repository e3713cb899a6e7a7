/**
 * The lines of an op (lines.ts) on the page: the formula, the same with its numbers, the result; terms light up with what they stand for in
 * the picture. An element, so that its looks are fetched with it. It says what is looked at and draws what it is told is.
 */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Lang, Report, RunInfo } from '../../lab/types.ts';
import { formatNumber } from '../../math/format.ts';
import type { DiagramMark as Mark } from '../../plot/types.ts';
import { sameMark, type Factor, type Line, type Work } from './lines.ts';

/** What the reader points at, in the text or in the picture, and who is told. */
export interface Looking {
  lang: Lang;
  looked: Mark | undefined;
  look(mark: Mark | undefined): void;
}
/** What a lesson writes a net's step out from; V: its options. */
export interface Standing<V> extends Looking {
  report: Report;
  info: RunInfo;
  opt: V;
}
export interface WorkedView extends Looking {
  work: Work | undefined;
  /** Which example is written out: "row 2 of 4: (0, 1) → 1". '': no title. */
  example: string;
  /** How numbers are written; default formatNumber. */
  format?: (value: number) => string;
}

const words = {
  title: { en: 'One step, op by op', ja: '1ステップを演算ごとに' },
  hint: {
    en: 'Choose a smaller step beside the button Step and press it: each op is then written out here with its numbers.',
    ja: '「ステップ」の隣で細かい単位を選んで押すと、演算1つごとに、数を入れた式がここに出ます。',
  },
  batch: {
    en: 'The examples of this step have been taken. Next: forward.',
    ja: 'このステップの例を取り出しました。次は順伝播です。',
  },
  forward: { en: 'Forward', ja: '順伝播' },
  backward: { en: 'Backward', ja: '逆伝播' },
  update: { en: 'Update', ja: '更新' },
  bypass: {
    en: 'The loss reads the sum before y: nothing passes here.',
    ja: '損失はyの手前の和から計算されるので、ここでは何も伝わりません。',
  },
  more: { en: 'more', ja: '項' },
};

/** A number inside a product or a function: negative ones in brackets. */
const inside = (value: number, written: string): string => (value < 0 ? `(${written})` : written);

export class WorkedElement extends LitElement {
  static override properties = { props: { attribute: false } };
  declare props: WorkedView | undefined;
  static override styles = css`
    :host {
      display: block;
      min-height: var(--x2g-worked-height, 9rem);
      font-variant-numeric: tabular-nums;
    }
    p {
      margin: 0;
    }
    .title {
      font-size: var(--x2g-text-small);
      color: var(--x2g-muted);
    }
    .line {
      line-height: 1.8;
      overflow-wrap: anywhere;
    }
    .line b {
      white-space: nowrap;
    }
    .term {
      border-radius: var(--x2g-radius-small);
      padding: 1px 2px;
      white-space: nowrap;
    }
    .term[data-lit] {
      background: var(--x2g-surface);
      box-shadow: 0 0 0 2px var(--x2g-accent);
    }
    .gradient {
      color: var(--x2g-gradient);
    }
  `;

  #term(f: Factor, text: string): TemplateResult {
    const { looked, look } = this.props as WorkedView;
    const { mark } = f;
    const lit = looked !== undefined && mark !== undefined && sameMark(looked, mark);
    return html`
      <span
        class=${f.gradient ? 'term gradient' : 'term'}
        ?data-lit=${lit}
        @pointerenter=${() => look(mark)}
        @pointerleave=${() => look(undefined)}
      >
        ${text}
      </span>
    `;
  }

  #number(value: number): string {
    return (this.props?.format ?? formatNumber)(value);
  }

  #sum(line: Line, numbers: boolean): unknown {
    const { lang } = this.props as WorkedView;
    const [before = '', after = ''] = line.around.split('#');
    const written = line.each && !numbers ? line.sum.slice(0, 1) : line.sum;
    const parts = written.map((product, k) => [
      k === 0 ? '' : (product[0]?.text ?? '').startsWith('−') && !numbers ? ' ' : ' + ',
      product.map((f, i) => [
        i === 0 ? '' : numbers ? ' × ' : ' · ',
        this.#term(
          f,
          (f.hole ?? '#').replace('#', numbers ? inside(f.value, this.#number(f.value)) : f.text),
        ),
      ]),
    ]);
    const more =
      line.more > 0 && !(line.each && !numbers)
        ? ` + … (${lang === 'ja' ? `ほか${line.more}${words.more.ja}` : `${line.more} ${words.more.en}`})`
        : '';
    return [before, line.each && !numbers ? 'Σ ' : '', parts, more, after];
  }

  protected override render(): TemplateResult | typeof nothing {
    const { props } = this;
    if (!props) return nothing;
    const { work, lang, example } = props;
    if (!work)
      return html`
        <p class="title">${words.title[lang]}</p>
        <p>${words.hint[lang]}</p>
      `;
    if (work.phase === 'batch')
      return html`
        <p class="title">${example}</p>
        <p>${words.batch[lang]}</p>
      `;
    return html`
      ${
        example
          ? html`
              <p class="title">${words[work.phase][lang]}${work.phase === 'update' ? '' : ` · ${example}`}</p>
            `
          : nothing
      }
      ${
        work.lines.length === 0
          ? html`
              <p>${words.bypass[lang]}</p>
            `
          : nothing
      }
      ${work.lines.map(
        (line) => html`
          <p class="line">
            ${this.#term(line.of, line.of.text)}
            ${line.of.text.endsWith('←') ? '' : '= '}${this.#sum(line, false)} = ${this.#sum(line, true)} =
            <b>${this.#number(line.of.value)}</b>
          </p>
        `,
      )}
    `;
  }
}
if (typeof customElements !== 'undefined' && !customElements.get('x2g-worked'))
  customElements.define('x2g-worked', WorkedElement);

export const workedView = (props: WorkedView): TemplateResult => html`
  <x2g-worked data-x2g="worked" aria-live="polite" .props=${props}></x2g-worked>
`;
