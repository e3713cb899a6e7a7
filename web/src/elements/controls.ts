/**
 * Controls made from option declarations: native elements with visible labels. A control hands over raw values; the option checks them.
 * The control bar's fixed part (run, step, reset, speed, seed) is in bar.ts.
 */
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { formatNumber, parseNumber } from '../math/format.ts';
import type { Lang } from '../lab/types.ts';
import { attributeOf, type Option } from './option.ts';
import { t } from './language.ts';
import { typed } from './typed.ts';

export interface ControlProps {
  name: string;
  option: Option<unknown>;
  value: unknown;
  lang: Lang;
  /** Throws when the option refuses the value; the control then shows the old value again. */
  change(name: string, value: unknown): void;
}

/** Positions of a logarithmic slider. */
const LOG_STEPS = 200;
const toSlider = (value: number, min: number, max: number): number =>
  Math.round((Math.log(value / min) / Math.log(max / min)) * LOG_STEPS);
const fromSlider = (at: number, min: number, max: number): number =>
  Number((min * (max / min) ** (at / LOG_STEPS)).toPrecision(2));

export const named = (option: Option<unknown>, value: string, lang: Lang): string =>
  option.names?.[lang][value] ?? value;

const target = (event: Event): HTMLInputElement => event.currentTarget as HTMLInputElement;

export function optionControl(p: ControlProps): TemplateResult | typeof nothing {
  const { option: o, lang } = p;
  if (o.control === 'none' || !o.label) return nothing;
  const label = t(o.label, lang);
  const hint = o.hint
    ? html`
        <span class="hint">${t(o.hint, lang)}</span>
      `
    : nothing;
  const hook = `opt-${p.name}`;
  const send = (value: unknown): void => p.change(p.name, value);
  const id = `opt-${attributeOf(p.name)}`;
  switch (o.control) {
    case 'checkbox':
      return html`
        <label class="control check" for=${id}>
          <input
            id=${id}
            data-x2g=${hook}
            type="checkbox"
            .checked=${live(p.value === true)}
            @change=${(e: Event) => send(target(e).checked)}
          />
          <span class="label">${label}</span>
          ${hint}
        </label>
      `;
    case 'buttons':
      return html`
        <fieldset class="control buttons" data-x2g=${hook}>
          <legend class="label">${label}</legend>
          <div class="segments">
            ${(o.values ?? []).map(
              (v) => html`
                <label class="segment">
                  <input
                    type="radio"
                    name=${id}
                    value=${v}
                    .checked=${live(p.value === v)}
                    @change=${() => send(v)}
                  />
                  <span>${named(o, v, lang)}</span>
                </label>
              `,
            )}
          </div>
          ${hint}
        </fieldset>
      `;
    case 'select': {
      const values = o.values ?? counted(o);
      return html`
        <label class="control" for=${id}>
          <span class="label">${label}</span>
          <select
            id=${id}
            data-x2g=${hook}
            .value=${live(String(p.value))}
            @change=${(e: Event) => send(o.read(target(e).value))}
          >
            ${values.map(
              (v) => html`
                <option value=${v} ?selected=${v === String(p.value)}>${named(o, v, lang)}</option>
              `,
            )}
          </select>
          ${hint}
        </label>
      `;
    }
    case 'range':
      return range(p, id, hook, label, hint);
    case 'area':
      return html`
        <label class="control wide" for=${id}>
          <span class="label">${label}</span>
          <textarea
            id=${id}
            data-x2g=${hook}
            rows="4"
            maxlength=${o.max ?? nothing}
            spellcheck="false"
            ${typed(String(p.value))}
            @change=${(e: Event) => send(target(e).value)}
          ></textarea>
          ${hint}
        </label>
      `;
    case 'field':
      return html`
        <label class="control wide" for=${id}>
          <span class="label">${label}</span>
          <input
            id=${id}
            data-x2g=${hook}
            type="text"
            maxlength=${o.max ?? nothing}
            ${typed(String(p.value))}
            @change=${(e: Event) => send(target(e).value)}
          />
          ${hint}
        </label>
      `;
    default:
      return html`
        <label class="control" for=${id}>
          <span class="label">${label}</span>
          <input
            id=${id}
            data-x2g=${hook}
            class="figure"
            type="number"
            inputmode="decimal"
            step=${o.step ?? 'any'}
            min=${o.min ?? nothing}
            max=${o.max ?? nothing}
            ${typed(String(p.value))}
            @change=${(e: Event) => send(parseNumber(target(e).value))}
          />
          ${hint}
        </label>
      `;
  }
}

/** The values of a small whole-number option, for a select. */
function counted(o: Option<unknown>): string[] {
  const [min = 0, max = 0, step = 1] = [o.min, o.max, o.step];
  return Array.from({ length: Math.min(100, Math.floor((max - min) / step) + 1) }, (_, i) =>
    String(min + i * step),
  );
}

function range(p: ControlProps, id: string, hook: string, label: string, hint: unknown): TemplateResult {
  const { option: o } = p;
  const value = Number(p.value);
  const [min = 0, max = 1] = [o.min, o.max];
  const log = o.log === true && min > 0;
  const shownValue = o.type === 'int' ? String(value) : formatNumber(value);
  return html`
    <label class="control" for=${id}>
      <span class="label">${label}</span>
      <span class="slider">
        <input
          id=${id}
          data-x2g=${hook}
          type="range"
          min=${log ? 0 : min}
          max=${log ? LOG_STEPS : max}
          step=${log ? 1 : (o.step ?? (max - min) / 100)}
          .value=${live(String(log ? toSlider(value, min, max) : value))}
          aria-valuetext=${shownValue}
          @input=${(e: Event) => {
            const at = Number(target(e).value);
            p.change(p.name, log ? Math.min(max, Math.max(min, fromSlider(at, min, max))) : at);
          }}
        />
        <output class=${o.type === 'int' ? 'figure short' : 'figure'} for=${id}>${shownValue}</output>
      </span>
      ${hint}
    </label>
  `;
}
