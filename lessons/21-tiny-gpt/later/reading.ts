/**
 * What may stand above the picture of lesson 21: the reader's own text, an earlier run to go on with, the sizes with what they cost.
 * demo.ts says what the buttons do. Fetched when one of them is to be seen.
 */
import { html, nothing, t, type Lang } from '@x2g/web/elements';
import type { Estimate, Session } from '@x2g/web/lab';
import { formatBytes, formatCount } from '@x2g/web/math';
import { LINK_TEXT, model, options, presets, type Preset, type Values } from '../model.ts';

export function resume_offer(step: number, resume: () => void, forget: () => void, lang: Lang) {
  return html`
    <div class="problem mild" data-x2g="resume-offer">
      <p>
        ${t(
          {
            en: `A run of an earlier visit stands at step ${formatCount(step)}.`,
            ja: `前回の訓練が、ステップ${formatCount(step)}まで残っています。`,
          },
          lang,
        )}
      </p>
      <div class="moves">
        <button type="button" data-x2g="resume" @click=${resume}>
          ${t({ en: 'Continue it', ja: '続きから始める' }, lang)}
        </button>
        <button type="button" data-x2g="forget" @click=${forget}>
          ${t({ en: 'Delete it', ja: '消す' }, lang)}
        </button>
      </div>
    </div>
  `;
}

/** Shown when a run was refused for its memory: the largest preset that fits. */
export function smaller_offer(preset: Preset, take: () => void, lang: Lang) {
  const name = options.preset.names?.[lang][preset] ?? preset;
  return html`
    <div class="moves">
      <button type="button" data-x2g="take-smaller" @click=${take}>
        ${t({ en: `Take the size “${name}”`, ja: `大きさ「${name}」にする` }, lang)}
      </button>
    </div>
  `;
}

interface OwnText {
  text: string;
  name: string;
  use(text: string): void;
}
const EDITABLE = 100_000; // characters: longer ones make a text box slow

export function own_text(own: OwnText, lang: Lang) {
  const length = formatBytes(new Blob([own.text]).size);
  const hint = own.text
    ? t(
        {
          en: `${own.name || 'Your text'}, ${length}, is being read.`,
          ja: `${own.name || '自分の文章'}（${length}）を読んでいます。`,
        },
        lang,
      )
    : t(
        {
          en: 'No text yet, so the stories stand in for it.',
          ja: 'まだ文章がないので、代わりに物語を読みます。',
        },
        lang,
      );
  return html`
    <div class="own stack">
      <label class="label" for="own">
        ${t({ en: 'Your text, at least a few kilobytes', ja: '自分の文章（数キロバイト以上）' }, lang)}
      </label>
      <textarea
        id="own"
        data-x2g="own-text"
        spellcheck="false"
        .value=${own.text.length > EDITABLE ? '' : own.text}
      ></textarea>
      <div class="moves">
        <button
          type="button"
          data-x2g="use-text"
          @click=${(e: Event) => {
            const box = (e.target as HTMLElement).closest('.own')?.querySelector('textarea');
            own.use(box?.value ?? '');
          }}
        >
          ${t({ en: 'Train on this text', ja: 'この文章で訓練する' }, lang)}
        </button>
      </div>
      <p class="fine">
        ${hint}
        ${t({ en: `A share link carries texts of up to ${formatCount(LINK_TEXT)} characters, no longer ones.`, ja: `共有リンクに入るのは、${formatCount(LINK_TEXT)}文字までの文章だけです。` }, lang)}
      </p>
    </div>
  `;
}

/** One preset as the engine counts it for the present text. */
export interface Costs {
  preset: Preset;
  estimate: Estimate;
}

/** What each size takes with one worker, as the engine reckons; nothing for a text too short for a window: the run itself says so. */
export async function costs_of(session: Session, opt: Values, lang: Lang, own: string): Promise<Costs[]> {
  try {
    return await Promise.all(
      (Object.keys(presets) as Preset[]).map(async (preset) => ({
        preset,
        estimate: await session.estimate(model({ ...opt, preset, workers: 1 }, 1, lang, own)),
      })),
    );
  } catch {
    return [];
  }
}

export function size_table(costs: Costs[], present: string, take: (preset: Preset) => void, lang: Lang) {
  const head = [
    { en: 'Size', ja: '大きさ' },
    { en: 'Layers', ja: '層' },
    { en: 'Heads', ja: 'ヘッド' },
    { en: 'Channels', ja: 'チャネル' },
    { en: 'Window', ja: '窓' },
    { en: 'Batch', ja: 'バッチ' },
    { en: 'Steps', ja: 'ステップ数' },
    { en: 'Parameters', ja: 'パラメーター' },
    { en: 'Memory', ja: 'メモリー' },
  ];
  const row = ({ preset, estimate }: Costs) => {
    const { layers, heads, channels, context, batch, steps } = presets[preset];
    return html`
      <tr>
        <th scope="row">
          <button
            type="button"
            data-preset=${preset}
            aria-pressed=${preset === present ? 'true' : 'false'}
            ?disabled=${!estimate.fits}
            @click=${() => take(preset)}
          >
            ${options.preset.names?.[lang][preset] ?? preset}
          </button>
        </th>
        ${[layers, heads, channels, context, batch].map(
          (n) => html`
            <td class="figure">${n}</td>
          `,
        )}
        <td class="figure">${formatCount(steps)}</td>
        <td class="figure">${formatCount(estimate.parameterCount)}</td>
        <td class="figure">${formatBytes(estimate.memory.total)}</td>
      </tr>
    `;
  };
  return html`
    <div class="scroll" tabindex="0" role="group" aria-label=${t({ en: 'Sizes', ja: '大きさの一覧' }, lang)}>
      <table>
        <thead>
          <tr>
            ${head.map(
              (label) => html`
                <th scope="col">${t(label, lang)}</th>
              `,
            )}
          </tr>
        </thead>
        <tbody>${costs.length > 0 ? costs.map(row) : nothing}</tbody>
      </table>
    </div>
  `;
}
