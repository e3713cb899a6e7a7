/** One exercise of the panel "Check": question, fields, hints, verdict. Draws and calls back; grader.ts grades. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Lang } from '../../lab/types.ts';
import { t } from '../language.ts';
import type { Check } from '../types.ts';
import type { Grader } from './grader.ts';
import { say, strings } from './say.ts';

export function checkForm(check: Check, grader: Grader, lang: Lang, index: number): TemplateResult {
  const s = say(lang);
  const state = grader.state(check.id);
  const id = (name: string): string => `check-${check.id}-${name}`;
  const fields = check.fields ?? [{ id: 'answer', label: strings.your_answer }];
  return html`
    <form
      class="check-form"
      data-x2g=${`check-${check.id}`}
      novalidate
      @submit=${(e: SubmitEvent) => {
        e.preventDefault();
        void grader.grade(check, e.currentTarget as HTMLFormElement);
      }}
    >
      <p class="question-text" id=${id('question')}>${index + 1}. ${t(check.question, lang)}</p>
      <div class="fields" role="group" aria-labelledby=${id('question')}>
        ${
          check.input === 'choice'
            ? (check.choices ?? []).map(
                (c) => html`
                  <label class="control check">
                    <input type="radio" name="choice" value=${c.id} />
                    <span class="label">${t(c.label, lang)}</span>
                  </label>
                `,
              )
            : fields.map(
                (f) => html`
                  <label class="control" for=${id(f.id)}>
                    <span class="label">${t(f.label, lang)}</span>
                    <span class="with-unit">
                      <input
                        id=${id(f.id)}
                        name=${f.id}
                        class="figure"
                        type="text"
                        inputmode="text"
                        autocomplete="off"
                        value=${f.value ?? ''}
                      />
                      ${
                        f.unit
                          ? html`
                              <span>${f.unit}</span>
                            `
                          : nothing
                      }
                    </span>
                  </label>
                `,
              )
        }
      </div>
      <div class="moves">
        <button type="submit" aria-disabled=${state.busy}>${s('answer')}</button>
        ${
          check.hints.length > 0
            ? html`
                <button
                  class="quiet"
                  type="button"
                  aria-disabled=${state.hints === check.hints.length}
                  @click=${() => grader.hint(check)}
                >
                  ${s('hint')}
                </button>
              `
            : nothing
        }
      </div>
      ${
        state.hints > 0
          ? html`
              <ol class="hints">
                ${check.hints.slice(0, state.hints).map(
                  (h) => html`
                    <li>${t(h, lang)}</li>
                  `,
                )}
              </ol>
            `
          : nothing
      }
      <p class="verdict" role="status" ?data-ok=${state.result?.ok}>
        ${
          state.busy
            ? s('checking')
            : state.result
              ? // prettier-ignore
                html`<strong>${s(state.result.ok ? 'right' : 'wrong')}</strong>${lang === 'ja' ? '' : ' '}${t(state.result.message, lang)}`
              : nothing
        }
      </p>
    </form>
  `;
}
