/** Body of the panel "Break it": a switch for each ingredient, what to watch, and once it is off the reason. Draws and calls back. */
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Lang } from '../../lab/types.ts';
import { t } from '../language.ts';
import type { BreakSwitch } from '../types.ts';
import { colon, say } from './say.ts';

export function breakList(list: BreakSwitch[], lang: Lang, toggle: (b: BreakSwitch) => void): TemplateResult {
  const s = say(lang);
  const stop = colon(lang);
  return html`
    <ul class="breaks">
      ${list.map((b) => {
        const active = b.active();
        return html`
          <li>
            <label class="control check">
              <input
                type="checkbox"
                role="switch"
                data-x2g=${`break-${b.id}`}
                .checked=${live(active)}
                @change=${() => toggle(b)}
              />
              <span class="label">${t(b.label, lang)}</span>
            </label>
            <p>${s('watch_for')}${stop}${t(b.look, lang)}</p>
            ${
              active
                ? html`
                    <p class="why">${s('why')}${stop}${t(b.why, lang)}</p>
                  `
                : nothing
            }
          </li>
        `;
      })}
    </ul>
  `;
}
