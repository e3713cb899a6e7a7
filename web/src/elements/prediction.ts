/**
 * The question asked before a run, the reader's answer and the run's. The verdict belongs to one run: when that is built again it goes,
 * the answer stays and can be changed. Draws and calls back.
 */
import { html, nothing, type TemplateResult } from 'lit';
import type { Lang, Report } from '../lab/types.ts';
import { t } from './language.ts';
import type { Label } from './option.ts';
import { strings, type StringName } from './strings.ts';
import type { Prediction } from './types.ts';

export class Predicting {
  #chosen: string | undefined;
  #outcome: string | undefined;
  readonly #redraw: () => void;
  readonly #answered: (chosen: string, right: boolean) => void;

  /** `answered` is told when a run has answered the reader's prediction. */
  constructor(redraw: () => void, answered: (chosen: string, right: boolean) => void = () => undefined) {
    this.#redraw = redraw;
    this.#answered = answered;
  }

  /** The choice that came true in this run. */
  get outcome(): string | undefined {
    return this.#outcome;
  }

  /** Looks at a report; once something came true it stays so until forget(). */
  look(asked: Prediction | undefined, report: Report): void {
    if (report.step === 0 || this.#outcome !== undefined) return;
    this.#outcome = asked?.outcome(report);
    if (this.#outcome !== undefined && this.#chosen !== undefined)
      this.#answered(this.#chosen, this.#chosen === this.#outcome);
  }

  /** Another run begins. */
  forget(): void {
    this.#outcome = undefined;
  }

  render(asked: Prediction, lang: Lang): TemplateResult {
    return predictionBox(asked, this.#chosen, this.#outcome, lang, (id) => {
      this.#chosen = id;
      this.#redraw();
    });
  }
}

function predictionBox(
  p: Prediction,
  chosen: string | undefined,
  outcome: string | undefined,
  lang: Lang,
  choose: (id: string) => void,
): TemplateResult {
  const s = (name: StringName): string => t(strings[name], lang);
  const text = (id: string | undefined): string => {
    const choice = p.choices.find((c) => c.id === id);
    return choice ? t(choice.label, lang) : '';
  };
  const gap = lang === 'ja' ? '' : ' '; // between sentences
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
                      : // prettier-ignore
                        html`<strong>${s(chosen === outcome ? 'came_true' : 'came_false')}</strong>${gap}`
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
