/** Body of the panel "Proof": the lesson's claims with figure, tolerance and seeds, as lesson.json holds them. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Lang } from '../../lab/types.ts';
import type { Claim } from '../types.ts';
import { colon, say } from './say.ts';

const plain = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number'
    ? String(value).replace(/^-/u, '\u2212')
    : JSON.stringify(value);

export function proofList(claims: Claim[], lang: Lang): TemplateResult {
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
                c.tolerance === undefined
                  ? nothing
                  : html`
                      ${s('tolerance')} ${plain(c.tolerance)}
                    `
              }
              ${
                c.seeds === undefined
                  ? nothing
                  : html`
                      ${s('seeds')}${stop}${plain(c.seeds)}
                    `
              }
            </span>
          </li>
        `,
      )}
    </ul>
  `;
}
