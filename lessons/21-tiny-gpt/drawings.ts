/**
 * The pictures of lesson 21 as functions of what they show: the curves, the writing, the look inside. They keep nothing.
 */
import { html, nothing, t, type Lang } from '@x2g/web/elements';
import type { LookInside } from '@x2g/web/lab';
import { formatCount } from '@x2g/web/math';
import { attentionMap, barList, linePlot, textStream } from '@x2g/web/plot';
import type { Curves } from './keep.ts';
import type { Sample } from './samples.ts';

export function curves_tile(c: Curves, vocab: number, lang: Lang) {
  return html`
    <div class="tile">
      ${linePlot({
        label: t(
          { en: 'Loss on training and on unseen text', ja: '訓練用の文章と、見ていない文章での損失' },
          lang,
        ),
        series: [
          { label: t({ en: 'training', ja: '訓練' }, lang), x: c.step, y: c.loss, role: 'train' },
          {
            label: t({ en: 'validation', ja: '検証' }, lang),
            x: c.valStep,
            y: c.valLoss,
            role: 'valid',
            points: true,
          },
        ],
        xLabel: t({ en: 'step', ja: 'ステップ' }, lang),
        yLabel: t({ en: 'loss', ja: '損失' }, lang),
        marks: vocab > 1 ? [{ y: Math.log(vocab), label: `ln ${vocab}` }] : [],
        // before the first step there is a mark alone: it must be in sight
        ...(c.step.length + c.valStep.length > 0 ? {} : { yRange: [0, Math.ceil(Math.log(vocab + 1))] }),
        height: 300,
      })}
    </div>
  `;
}

function older_list(older: Sample[], lang: Lang) {
  // White space inside dd would be shown.
  // prettier-ignore
  const row = (s: Sample) => html`<dt>${t({ en: `step ${formatCount(s.step)}`, ja: `ステップ${formatCount(s.step)}` }, lang)}</dt><dd>${s.prompt}${s.text}</dd>`;
  return html`
    <dl
      class="older fine"
      tabindex="0"
      role="group"
      aria-label=${t({ en: 'Earlier samples', ja: '以前のサンプル' }, lang)}
    >
      ${older.map(row)}
    </dl>
  `;
}

interface Writing {
  list: Sample[];
  writing: boolean;
  prompt: string;
  setPrompt(prompt: string): void;
  writeOn(): void;
  save(): void;
}

export function writing_tile(w: Writing, lang: Lang) {
  const newest = w.list.at(-1);
  const older = w.list.slice(0, -1).reverse();
  return html`
    <div class="tile stack">
      <p class="label">
        ${
          newest
            ? t(
                {
                  en: `Written at step ${formatCount(newest.step)}`,
                  ja: `ステップ${formatCount(newest.step)}で書いたもの`,
                },
                lang,
              )
            : t({ en: 'What it writes', ja: 'モデルが書くもの' }, lang)
        }
      </p>
      ${textStream({
        label: t({ en: 'Newest sample', ja: '最新のサンプル' }, lang),
        prompt: newest?.prompt ?? '',
        text: newest?.text ?? '',
        streaming: w.writing,
        lines: 6,
      })}
      <div class="moves">
        <label class="stack prompt">
          <span class="label">${t({ en: 'Samples begin with', ja: 'サンプルの書き出し' }, lang)}</span>
          <input
            type="text"
            data-x2g="prompt"
            maxlength="200"
            autocomplete="off"
            .value=${w.prompt}
            @change=${(e: Event) => w.setPrompt((e.target as HTMLInputElement).value)}
          />
        </label>
        <button type="button" data-x2g="write-on" ?disabled=${w.writing} @click=${() => w.writeOn()}>
          ${t({ en: 'Write 400 characters', ja: '400文字書かせる' }, lang)}
        </button>
        <button type="button" data-x2g="save-samples" @click=${() => w.save()}>
          ${t({ en: 'Save samples', ja: 'サンプルを保存' }, lang)}
        </button>
      </div>
      ${older.length === 0 ? nothing : older_list(older, lang)}
    </div>
  `;
}

interface Inside {
  look: LookInside;
  layer: number;
  head: number;
  select(layer: number, head: number): void;
}

export function inside_tiles({ look, layer, head, select }: Inside, lang: Lang) {
  return html`
    <div class="tile">
      ${attentionMap({
        label: t(
          {
            en: 'Attention of every layer and head, end of the newest sample',
            ja: '各層・各ヘッドのアテンション（最新のサンプルの終わり）',
          },
          lang,
        ),
        tokens: look.tokens,
        layers: look.layers,
        heads: look.heads,
        attention: look.attention,
        layer: Math.min(layer, look.layers - 1),
        head: Math.min(head, look.heads - 1),
        onSelect: select,
      })}
    </div>
    <div class="tile stack">
      <p class="label">${t({ en: 'What it expects next', ja: '次に来ると思う文字' }, lang)}</p>
      ${barList({
        label: t({ en: 'Probability of the next character', ja: '次の文字の確率' }, lang),
        bars: look.next.slice(0, 10).map(({ label, p }) => ({ label, value: p, role: 'query' as const })),
        limit: 1,
      })}
    </div>
  `;
}
