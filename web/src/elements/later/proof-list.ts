/** Body of the panel "Proof": the lesson's claims with figure, tolerance and seeds, what the tests last measured, and the test's name. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Lang } from '../../lab/types.ts';
import type { Claim, Measurements } from '../types.ts';
import { formatCount, formatNumber } from '../../math/format.ts';
import { colon, say } from './say.ts';

/** 0.2, −3, 10⁻⁹; "1–5"; a list with commas. */
const plain = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(plain).join(', ');
  if (typeof value === 'number')
    return value !== 0 && Math.abs(value) < 1e-4
      ? formatNumber(value, 1).replace(/^1×/u, '')
      : String(value).replace(/^-/u, '\u2212');
  return typeof value === 'string' ? value.replace(/(\d)-(\d)/gu, '$1–$2') : JSON.stringify(value);
};
const measure = (v: number): string => (Number.isInteger(v) ? formatCount(v) : formatNumber(v, 4));

/** The measured figure, a few of them, or the range of many. */
function found({ value, of }: Measurements[string]): string {
  const texts = [value].flat().map((v) => (typeof v === 'number' ? measure(v) : v));
  return of === undefined
    ? texts.join(', ')
    : texts[0] === texts.at(-1)
      ? String(texts[0])
      : texts.join(' … ');
}

export function proofList(claims: Claim[], measured: Measurements, lang: Lang): TemplateResult {
  const s = say(lang);
  if (claims.length === 0)
    return html`
      <p>${s('no_claims')}</p>
    `;
  const stop = colon(lang);
  return html`
    <p>${s('claims_intro')}</p>
    <ul class="claims">
      ${claims.map(
        (c) => html`
          <li data-x2g=${`claim-${c.id}`}>
            <span>${c[lang]}</span>
            <span class="fine">
              ${
                c.value === undefined
                  ? nothing
                  : html`
                      <b class="figure">${plain(c.value)}</b>
                    `
              }
              ${
                c.tolerance === undefined || c.tolerance === 0
                  ? nothing
                  : html`
                      · ${s('tolerance')} ${plain(c.tolerance)}
                    `
              }
              ${
                c.seeds === undefined
                  ? nothing
                  : html`
                      · ${s('seeds')}${stop}${plain(c.seeds)}
                    `
              }
            </span>
            ${measurement(measured[c.id], lang)}
          </li>
        `,
      )}
    </ul>
  `;
}

function measurement(m: Measurements[string] | undefined, lang: Lang): TemplateResult | typeof nothing {
  if (!m) return nothing;
  const s = say(lang);
  const stop = colon(lang);
  return html`
    <span class="fine">
      ${s('measured')}${stop}
      <b class="figure">${found(m)}</b>
    </span>
    <span class="fine">
      ${s('test')}${stop}
      <code>${m.test}</code>
    </span>
  `;
}
