// What the graph element draws around its controls: code, readouts, nodes with the curve, tensors with one of them as maps. Functions of
// their arguments; the state is the element's.
import { html, nothing, type TemplateResult } from 'lit';
import type { GraphLook, Lang } from '@x2g/web/lab';
import { formatBytes, formatCount, formatNumber } from '@x2g/web/math';
import { heatMap, linePlot } from '@x2g/web/plot';
import { strings } from '../elements/strings.ts';
import type { Example } from './examples.ts';
import { nodeList, tensorTable } from './tables.ts';
import type { GraphTraining } from './training.ts';
import { words, type Word } from './words.ts';

const say =
  (lang: Lang) =>
  (word: Word): string =>
    words[word][lang];

export function codeBox({ file, text }: Example, lang: Lang): TemplateResult {
  const title = words.code[lang];
  return html`
    <div>
      <p class="heading">
        ${title}
        <code>${file}</code>
      </p>
      <div class="code" tabindex="0" role="region" aria-label=${title + file}>
        <pre><code data-x2g="code">${text.trimEnd()}</code></pre>
      </div>
    </div>
  `;
}

function readout(name: string, label: string, text: string, unit = ''): TemplateResult {
  const after = html`
    <span class="unit">${unit}</span>
  `;
  return html`
    <div class="readout">
      <span class="label">${label}</span>
      <span class="figure" data-x2g=${`out-${name}`}>${text}${unit ? after : nothing}</span>
    </div>
  `;
}

export function readouts({ run, report }: GraphTraining, lang: Lang): TemplateResult {
  const w = say(lang);
  return html`
    <div class="readouts">
      ${readout('step', strings.step_n[lang], formatCount(report.step))}
      ${readout('loss', strings.loss[lang], formatNumber(report.loss, 4), 'nat')}
      ${readout('grad-norm', w('grad_norm'), formatNumber(report.gradNorm))}
      ${readout('parameters', w('parameters'), formatCount(run.parameterCount))}
      ${readout('memory', w('memory'), formatBytes(run.memory.total))}
    </div>
  `;
}

/** The nodes in running order and the curve of the loss. */
export function course({ run, losses, place }: GraphTraining, lang: Lang): TemplateResult {
  const w = say(lang);
  return html`
    <div class="stack">
      <p class="heading">${w('nodes')}</p>
      ${nodeList(run.nodes, run.tensors, place, w)}
      <p class="heading">${w('loss_over_steps')}</p>
      ${linePlot({
        label: w('loss_over_steps'),
        series: [{ label: w('training_loss'), x: losses.x, y: losses.y, role: 'train' }],
        xLabel: w('step_axis'),
        yLabel: w('loss_axis'),
      })}
    </div>
  `;
}

export interface NumbersProps {
  training: GraphTraining;
  looks: GraphLook[];
  title: string;
  chosen: string;
  lang: Lang;
  choose(name: string): void;
}

/** Every tensor in a table, and the chosen one as maps of its values and its gradient: all but the last axis are rows. */
export function numbers({ training, looks, title, chosen, lang, choose }: NumbersProps): TemplateResult {
  const w = say(lang);
  const { run } = training;
  const look = looks.find(({ name }) => name === chosen);
  const cols = look?.shape.at(-1) ?? 1;
  const map = (label: string, data: Float32Array): TemplateResult =>
    heatMap({ label, data, rows: data.length / cols, cols, signed: true, height: 220 });
  const none = html`
    <p class="fine">${w('no_gradient')}</p>
  `;
  return html`
    <div>
      <p class="heading">${w('tensors')}</p>
      ${tensorTable(run.tensors, looks, title, w)}
    </div>
    <label class="control">
      <span class="label">${w('look_at')}</span>
      <select data-x2g="tensor" @change=${(e: Event) => choose((e.currentTarget as HTMLSelectElement).value)}>
        ${run.names.map(
          (name) => html`
            <option value=${name} ?selected=${name === chosen}>${name}</option>
          `,
        )}
      </select>
    </label>
    <div class="parts">
      <div>
        <p class="heading">${w('values_of') + chosen}</p>
        ${look ? map(w('values_of') + chosen, look.data) : nothing}
      </div>
      <div>
        <p class="heading">${w('gradient_of') + chosen}</p>
        ${look?.grad ? map(w('gradient_of') + chosen, look.grad) : none}
      </div>
    </div>
  `;
}
