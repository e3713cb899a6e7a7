// The controls of a graph, in the order of every demo: run, step with its grain, reset, speed, seed. Draws and calls back.
import { html, type TemplateResult } from 'lit';
import type { Lang } from '@x2g/web/lab';
import { SEED_MAX } from '../elements/state.ts';
import { typed } from '../elements/typed.ts';
import { strings, type StringName } from '../elements/strings.ts';
import { words } from './words.ts';

export type Speed = 'nodes' | 'steps' | 'full';

export interface GraphBarProps {
  lang: Lang;
  running: boolean;
  byNode: boolean;
  speed: Speed;
  seed: number;
  toggle(): void;
  step(): void;
  reset(): void;
  setByNode(on: boolean): void;
  setSpeed(speed: Speed): void;
  setSeed(seed: number): void;
}

export function graphBar(p: GraphBarProps): TemplateResult {
  const s = (name: StringName): string => strings[name][p.lang];
  const speeds: [Speed, string][] = [
    ['nodes', words.slow_nodes[p.lang]],
    ['steps', words.slow_steps[p.lang]],
    ['full', s('full_speed')],
  ];
  const value = (event: Event): string => (event.currentTarget as HTMLInputElement).value;
  const seed = (event: Event): void => {
    const field = event.currentTarget as HTMLInputElement;
    if (field.checkValidity() && field.value !== '') p.setSeed(field.valueAsNumber);
    else field.reportValidity();
  };
  return html`
    <div class="bar" role="group" aria-label=${s('controls')}>
      <div class="moves">
        <button class="primary" data-x2g="run" type="button" @click=${p.toggle}>
          <span class="swap">
            <span ?data-shown=${!p.running}>${s('run')}</span>
            <span ?data-shown=${p.running}>${s('pause')}</span>
          </span>
        </button>
        <button data-x2g="step" type="button" @click=${p.step}>${s('step')}</button>
        <button data-x2g="reset" type="button" @click=${p.reset}>${s('reset')}</button>
      </div>
      <label class="control">
        <span class="label">${s('grain')}</span>
        <select data-x2g="grain" @change=${(e: Event) => p.setByNode(value(e) === 'node')}>
          <option value="step" ?selected=${!p.byNode}>${s('grain_step')}</option>
          <option value="node" ?selected=${p.byNode}>${words.one_node[p.lang]}</option>
        </select>
      </label>
      <label class="control">
        <span class="label">${s('speed')}</span>
        <select data-x2g="speed" @change=${(e: Event) => p.setSpeed(value(e) as Speed)}>
          ${speeds.map(
            ([name, text]) => html`
              <option value=${name} ?selected=${name === p.speed}>${text}</option>
            `,
          )}
        </select>
      </label>
      <label class="control">
        <span class="label">${s('seed')}</span>
        <input
          data-x2g="seed"
          class="figure"
          type="number"
          min="0"
          max=${SEED_MAX}
          step="1"
          required
          ${typed(String(p.seed))}
          @change=${seed}
        />
      </label>
    </div>
  `;
}
