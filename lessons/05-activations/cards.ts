/**
 * Two cards of lesson 5: how far the two forms of GELU are apart, and what each function costs on the reader's machine. They draw what the
 * core has given; the measuring stands in costs.ts.
 */
import { html, nothing, t, type Lang } from '@x2g/web/elements';
import type { ActivationName } from '@x2g/web/lab';
import { formatNumber } from '@x2g/web/math';
import { barList, functionPlot } from '@x2g/web/plot';
import type { Costs } from './costs.ts';
import { kinds } from './model.ts';

/** The input axis of the curves. */
export const LOW = -6;
export const HIGH = 6;
export const axis = Float32Array.from({ length: 241 }, (_, i) => LOW + ((HIGH - LOW) * i) / 240);
export interface Curve {
  y: Float32Array;
  dy: Float32Array;
}

export function gelu_card(curves: ReadonlyMap<ActivationName, Curve>, x: number, lang: Lang) {
  const exact = curves.get('gelu_erf');
  const near = curves.get('gelu_tanh');
  if (!exact || !near) return nothing;
  const error = exact.y.map((y, i) => ((near.y[i] ?? NaN) - y) * 1000);
  const most = Math.max(...error.map(Math.abs));
  return html`
    <div class="tile stack">
      <p class="label">
        ${t(
          {
            en: `GELU's tanh form less the exact one, in thousandths. Largest: ${formatNumber(most)}`,
            ja: `GELUのtanhの式と正確な値との差（1000分の1単位）。最大${formatNumber(most)}`,
          },
          lang,
        )}
      </p>
      ${functionPlot({
        label: t({ en: 'Error of the tanh form of GELU', ja: 'GELUのtanhの式の誤差' }, lang),
        curves: [{ label: '10³ Δ', x: axis, y: error, role: 'query' }],
        x: [LOW, HIGH],
        y: [-0.6, 0.6],
        ticks: true,
        marker: x,
        aspect: 2,
      })}
    </div>
  `;
}

export function cost_card(
  costs: Costs,
  name: (id: ActivationName) => string,
  lang: Lang,
  measure: () => void,
) {
  const { rows, busy, done } = costs;
  return html`
    <div class="tile stack">
      <p class="label">
        ${t(
          {
            en: 'What one number costs on your machine, in nanoseconds',
            ja: 'お使いの機械で1つの数にかかる時間（ナノ秒）',
          },
          lang,
        )}
      </p>
      ${
        rows.length === 0
          ? html`
              <p class="fine">${t({ en: 'Not measured yet.', ja: 'まだ測っていません。' }, lang)}</p>
            `
          : barList({
              label: t(
                {
                  en: 'Nanoseconds a number, function and slope',
                  ja: '1つの数にかかるナノ秒。関数と傾き',
                },
                lang,
              ),
              bars: rows.flatMap(({ id, forward, derivative }) => [
                { label: `${name(id)} f`, value: forward, role: 'ink' as const },
                { label: `${name(id)} f′`, value: derivative, role: 'gradient' as const },
              ]),
              format: (value) => formatNumber(value, 2),
            })
      }
      <div class="moves">
        <button type="button" data-x2g="measure" aria-disabled=${busy} @click=${() => !busy && measure()}>
          ${
            busy
              ? t(
                  {
                    en: `Measuring ${done} of ${kinds.length}…`,
                    ja: `測定中 ${done}／${kinds.length}…`,
                  },
                  lang,
                )
              : t({ en: 'Measure here', ja: 'ここで測る' }, lang)
          }
        </button>
      </div>
    </div>
  `;
}
