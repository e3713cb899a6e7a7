/** The keys of a demo, as a dialog. What they do stands in ../keys.ts. */
import { html, type TemplateResult } from 'lit';
import type { Lang } from '../../lab/types.ts';
import { t } from '../language.ts';
import { strings } from '../strings.ts';
import { say } from './say.ts';

const keys = [
  ['', 'key_space'],
  ['→', 'key_right'],
  ['←', 'key_left'],
  ['R', 'key_r'],
  ['?', 'key_help'],
] as const;

export function keyList(lang: Lang): TemplateResult {
  const s = say(lang);
  return html`
    <dialog class="keys" aria-labelledby="keys-title">
      <h2 id="keys-title">${t(strings.keys, lang)}</h2>
      <p>${s('all_keys')}</p>
      <table>
        <tbody>
          ${keys.map(
            ([key, name]) => html`
              <tr>
                <th scope="row"><kbd>${key || s('space_key')}</kbd></th>
                <td>${s(name)}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
      <form method="dialog"><button type="submit">${s('close')}</button></form>
    </dialog>
  `;
}
