/**
 * The slider under the picture: any past step of the run, shown as it was then. Of large models only some moments are kept; then each
 * place of the slider is one of them. Draws and asks; the core goes there (lab/time-travel.ts). One request is under way at a time: while
 * the slider is dragged, what it passed meanwhile is skipped.
 */
import { css, html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { formatCount } from '../../math/format.ts';
import type { Lang, Report, Timeline } from '../../lab/types.ts';
import { t } from '../language.ts';

export interface TravelHost {
  lang(): Lang;
  report(): Report | undefined;
  running(): boolean;
  timeline(): Promise<Timeline>;
  goTo(step: number): Promise<void>;
  redraw(): void;
}

export const travelStyle = css`
  .travel {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 var(--x2g-space-4);
  }
  .travel label {
    flex: none;
  }
  .travel input {
    flex: 1 1 12rem;
    min-width: 0;
  }
  .travel output {
    min-width: 8ch;
    text-align: end;
  }
  .travel .fine {
    flex-basis: 100%;
    min-height: 1.5em;
  }
  @container (max-width: 30rem) {
    .travel :is(label, input) {
      flex-basis: 100%;
    }
    .travel output {
      flex: 1;
      text-align: start;
    }
  }
`;

const words = {
  label: { en: 'Look back at step', ja: '見るステップ' },
  newest: { en: 'Newest', ja: '最新へ' },
  hint: {
    en: 'Move the slider to see an earlier step again.',
    ja: 'スライダーを動かすと、前のステップをもう一度見られます。',
  },
  past: {
    en: 'As it was then. Run or Step goes on from here and forgets what came later.',
    ja: 'そのときのままの表示です。実行かステップを押すとここから進み、後の記録は消えます。',
  },
  marks: {
    en: (n: number) => `Training again takes long here: ${n} moments are offered.`,
    ja: (n: number) => `学習し直すと時間がかかるので、${n}個の時点だけを選べます。`,
  },
  none: {
    en: 'This model is too large to keep its past.',
    ja: 'モデルが大きいため、過去の状態は残していません。',
  },
};

export class TimeTravel {
  readonly #host: TravelHost;
  #timeline: Timeline | undefined;
  #of = -1; // the newest step that the timeline was asked for at
  #wanted: number | undefined;
  #moving = false;

  constructor(host: TravelHost) {
    this.#host = host;
  }

  render(): TemplateResult | typeof nothing {
    const host = this.#host;
    const report = host.report();
    if (!report) return nothing;
    const lang = host.lang();
    const newest = report.past?.newest ?? report.step;
    if (!host.running() && newest !== this.#of && !this.#moving) void this.#ask(newest);
    const line = this.#line(newest);
    const at = this.#wanted ?? report.step;
    const none = newest > 0 && !host.running() && this.#of === newest && line.first === newest;
    const place = line.marks ? nearest(line.marks, at) : at;
    const shown = `${formatCount(at)} / ${formatCount(newest)}`;
    const text = t(
      {
        en: `step ${formatCount(at)} of ${formatCount(newest)}`,
        ja: `${formatCount(newest)}ステップ中${formatCount(at)}`,
      },
      lang,
    );
    return html`
      <div class="travel" role="group" aria-label=${t(words.label, lang)}>
        <label class="label" for="travel">${t(words.label, lang)}</label>
        <input
          id="travel"
          data-x2g="travel"
          type="range"
          step="1"
          min=${line.marks ? 0 : line.first}
          max=${line.marks ? line.marks.length - 1 : Math.max(1, newest)}
          ?disabled=${newest === 0 || none}
          .value=${live(String(place))}
          aria-valuetext=${text}
          aria-describedby="travel-note"
          @input=${(e: Event) => this.#move(Number((e.currentTarget as HTMLInputElement).value), line)}
        />
        <output class="figure" for="travel">${shown}</output>
        <button
          class="quiet"
          type="button"
          data-x2g="newest"
          aria-disabled=${report.past === undefined}
          @click=${() => report.past && this.#go(newest)}
        >
          ${t(words.newest, lang)}
        </button>
        <p class="fine" id="travel-note" data-x2g="travel-note">
          ${t(report.past ? words.past : none ? words.none : words.hint, lang)}
          ${line.marks && !none ? t({ en: words.marks.en(line.marks.length), ja: words.marks.ja(line.marks.length) }, lang) : nothing}
        </p>
      </div>
    `;
  }

  /** What is known of the past at `newest`: the answer to #ask, or every step while that is still to come. */
  #line(newest: number): Timeline {
    const known = this.#timeline;
    if (!known || known.newest > newest) return { first: 0, newest, marks: null };
    const marks =
      known.marks && (known.newest < newest ? [...known.marks.slice(0, -1), newest] : known.marks);
    return { first: known.first, newest, marks };
  }

  async #ask(newest: number): Promise<void> {
    this.#of = newest;
    try {
      this.#timeline = await this.#host.timeline();
    } catch {
      this.#timeline = undefined; // the run was replaced: it is asked again with the next report
    }
    this.#host.redraw();
  }

  #move(value: number, line: Timeline): void {
    this.#go(line.marks ? (line.marks[value] ?? line.newest) : value);
  }

  #go(step: number): void {
    this.#wanted = step;
    this.#host.redraw();
    if (!this.#moving) void this.#follow();
  }

  async #follow(): Promise<void> {
    this.#moving = true;
    try {
      for (let step = this.#wanted; step !== undefined;) {
        await this.#host.goTo(step);
        if (this.#wanted === step) this.#wanted = undefined;
        step = this.#wanted;
      }
    } catch {
      this.#wanted = undefined; // the frame has shown why
    } finally {
      this.#moving = false;
      this.#host.redraw();
    }
  }
}

/** The place of the mark nearest to a step. */
export function nearest(marks: readonly number[], step: number): number {
  let best = 0;
  marks.forEach((mark, i) => {
    if (Math.abs(mark - step) < Math.abs((marks[best] ?? 0) - step)) best = i;
  });
  return best;
}
