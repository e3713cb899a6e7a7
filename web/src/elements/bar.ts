/**
 * The control bar, in the order of every lesson: run, step with its grain, reset, speed, the lesson's own controls, seed, then share and keys.
 * Draws and calls back; knows no session.
 */
import { html, nothing, type TemplateResult } from 'lit';
import type { Lang } from '../lab/types.ts';
import { t } from './language.ts';
import { strings } from './strings.ts';
import { SEED_MAX } from './state.ts';
import { typed } from './typed.ts';
import type { StepGrain } from './types.ts';

export interface BarProps {
  lang: Lang;
  running: boolean;
  grains: StepGrain[];
  grain: number;
  speeds: readonly number[];
  speed: number;
  seed: number | undefined;
  options: unknown;
  more: unknown;
  shareLink: string;
  toggle(): void;
  step(): void;
  back(): void;
  reset(): void;
  setGrain(index: number): void;
  setSpeed(value: number): void;
  setSeed(value: number): void;
  duplicate: (() => void) | undefined;
  share(): void;
  help(): void;
}

const input = (event: Event): HTMLInputElement => event.currentTarget as HTMLInputElement;

/** Two glyphs drawn, not typed: fonts disagree about ▶ and ⏸. */
const runIcon = html`
  <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M4 2.5v11l9-5.5z" /></svg>
`;
const pauseIcon = html`
  <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M4 3h3v10H4zM9 3h3v10H9z" /></svg>
`;

export function controlBar(p: BarProps): TemplateResult {
  const s = (name: keyof typeof strings): string => t(strings[name], p.lang);
  return html`
    <div class="bar" part="controls" role="group" aria-label=${s('controls')}>
      <div class="moves">
        <button class="primary" data-x2g="run" type="button" @click=${p.toggle}>
          ${p.running ? pauseIcon : runIcon}
          <span class="swap">
            <span ?data-shown=${!p.running}>${s('run')}</span>
            <span ?data-shown=${p.running}>${s('pause')}</span>
          </span>
        </button>
        <button data-x2g="step" type="button" @click=${p.step}>${s('step')}</button>
        <button data-x2g="reset" type="button" @click=${p.reset}>${s('reset')}</button>
      </div>
      ${
        p.grains.length > 1
          ? html`
              <label class="control">
                <span class="label">${s('grain')}</span>
                <select data-x2g="grain" @change=${(e: Event) => p.setGrain(Number(input(e).value))}>
                  ${p.grains.map(
                    (g, i) => html`
                      <option value=${i} ?selected=${i === p.grain}>${t(g.label, p.lang)}</option>
                    `,
                  )}
                </select>
              </label>
            `
          : nothing
      }
      ${
        p.speeds.length > 1
          ? html`
              <label class="control">
                <span class="label">${s('speed')}</span>
                <select data-x2g="speed" @change=${(e: Event) => p.setSpeed(Number(input(e).value))}>
                  ${p.speeds.map(
                    (v) => html`
                      <option value=${v} ?selected=${v === p.speed}>
                        ${v === 0 ? s('full_speed') : p.lang === 'ja' ? `${v}${s('per_second')}` : `${v} ${s('per_second')}`}
                      </option>
                    `,
                  )}
                </select>
              </label>
            `
          : nothing
      }
      ${p.options}
      ${
        p.seed === undefined
          ? nothing
          : html`
              <div class="control seed">
                <label class="label" for="seed">${s('seed')}</label>
                <span class="joined">
                  <input
                    id="seed"
                    data-x2g="seed"
                    class="figure"
                    type="number"
                    min="0"
                    max=${SEED_MAX}
                    step="1"
                    ${typed(String(p.seed))}
                    @change=${(e: Event) => p.setSeed(input(e).valueAsNumber)}
                  />
                  <button
                    type="button"
                    data-x2g="next-seed"
                    aria-label=${`+1: ${s('next_seed')}`}
                    title=${s('next_seed')}
                    @click=${() => p.setSeed(p.seed === SEED_MAX ? 0 : (p.seed ?? 0) + 1)}
                  >
                    +1
                  </button>
                </span>
              </div>
            `
      }
      <div class="moves end">
        ${
          p.duplicate
            ? html`
                <button class="quiet" data-x2g="duplicate" type="button" @click=${p.duplicate}>
                  ${s('duplicate')}
                </button>
              `
            : nothing
        }
        <button class="quiet" data-x2g="share" type="button" @click=${p.share}>${s('share')}</button>
        <button
          class="quiet square"
          data-x2g="keys"
          type="button"
          aria-label=${s('keys')}
          title=${s('keys')}
          @click=${p.help}
        >
          ?
        </button>
      </div>
      ${p.more}
      ${
        p.shareLink
          ? html`
              <label class="control wide">
                <span class="label">${s('share_link')}</span>
                <input
                  data-x2g="share-link"
                  type="text"
                  readonly
                  .value=${p.shareLink}
                  @focus=${(e: Event) => input(e).select()}
                />
              </label>
            `
          : nothing
      }
    </div>
  `;
}
