/**
 * The panels below a demo, closed at first: Numbers, Break it, Check, Embed this, Proof. And the prediction above it.
 * Draws and calls back. Grading happens in grader.ts, by the core.
 */
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Lang } from '../lab/types.ts';
import type { Grader } from './grader.ts';
import { t } from './language.ts';
import type { Label } from './option.ts';
import { strings, type StringName } from './strings.ts';
import type { BreakSwitch, Check, Claim, Prediction } from './types.ts';

const say = (lang: Lang) => (name: StringName) => t(strings[name], lang);

export function panel(
  name: string,
  title: string,
  body: unknown,
  opened: (open: boolean) => void,
): TemplateResult {
  return html`
    <details
      class="panel"
      part="panel"
      data-x2g=${`panel-${name}`}
      @toggle=${(e: Event) => opened((e.currentTarget as HTMLDetailsElement).open)}
    >
      <summary>${title}</summary>
      <div class="panel-body">${body}</div>
    </details>
  `;
}

export function predictionBox(
  p: Prediction,
  chosen: string | undefined,
  outcome: string | undefined,
  lang: Lang,
  choose: (id: string) => void,
): TemplateResult {
  const s = say(lang);
  const text = (id: string | undefined): string => {
    const choice = p.choices.find((c) => c.id === id);
    return choice ? t(choice.label, lang) : '';
  };
  const reveal = (): Label =>
    typeof p.reveal === 'function' ? p.reveal(chosen ?? '', outcome ?? '') : p.reveal;
  return html`
    <div class="prediction" part="prediction" data-x2g="prediction" role="group" aria-label=${s('predict')}>
      <p class="question-text">
        <strong class="label">${s('predict')}</strong>
        ${t(p.question, lang)}
      </p>
      <div class="choices">
        ${p.choices.map(
          (c) => html`
            <button
              type="button"
              data-x2g=${`predict-${c.id}`}
              aria-pressed=${chosen === c.id ? 'true' : 'false'}
              ?disabled=${outcome !== undefined}
              ?data-true=${outcome === c.id}
              @click=${() => choose(c.id)}
            >
              ${t(c.label, lang)}
            </button>
          `,
        )}
        <p class="verdict" role="status">
          ${
            outcome !== undefined
              ? html`
                  ${
                    chosen === undefined
                      ? nothing
                      : html`
                          <strong>${chosen === outcome ? s('came_true') : s('came_false')}</strong>
                        `
                  }${t(reveal(), lang)}
                `
              : chosen === undefined
                ? nothing
                : html`
                    ${s('predicted')}${lang === 'ja' ? '：' : ': '}${text(chosen)}${lang === 'ja' ? '。' : '. '}${s('then_run')}
                  `
          }
        </p>
      </div>
    </div>
  `;
}

export function breakList(list: BreakSwitch[], lang: Lang, toggle: (b: BreakSwitch) => void): TemplateResult {
  const s = say(lang);
  const stop = lang === 'ja' ? '：' : ': ';
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
        <button type="submit" ?disabled=${state.busy}>${s('answer')}</button>
        ${
          state.hints < check.hints.length
            ? html`
                <button class="quiet" type="button" @click=${() => grader.hint(check)}>${s('hint')}</button>
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
              ? html`
                  <strong>${state.result.ok ? s('right') : s('wrong')}</strong>
                  ${t(state.result.message, lang)}
                `
              : nothing
        }
      </p>
    </form>
  `;
}

export function copyBlock(label: string, text: string, hook: string, lang: Lang): TemplateResult {
  const copy = async (event: Event): Promise<void> => {
    const button = event.currentTarget as HTMLButtonElement;
    const done = await copyText(text, button.closest('.copy-block')?.querySelector('pre'));
    const note = button.parentElement?.querySelector('.copied'); // no binding stands in it
    if (note) note.textContent = done ? t(strings.copied, lang) : t(strings.copy_by_hand, lang);
  };
  return html`
    <div class="copy-block">
      <div class="copy-head">
        <span class="label">${label}</span>
        <span class="copied fine" role="status"></span>
        <button type="button" class="quiet" @click=${copy}>${t(strings.copy, lang)}</button>
      </div>
      <pre data-x2g=${hook} tabindex="0" aria-label=${label}><code>${text}</code></pre>
    </div>
  `;
}

/** true when the text is in the clipboard; else it is selected, so that a key press copies it. */
export async function copyText(text: string, shown?: Node | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    if (shown) getSelection()?.selectAllChildren(shown);
    return false;
  }
}

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
  const stop = lang === 'ja' ? '：' : ': ';
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
