// The graph in words and numbers: its nodes in running order, and every tensor with what it holds now. Draws what it is given.
import { html, nothing, type TemplateResult } from 'lit';
import type { GraphLook, GraphNode, TensorInfo } from '@x2g/web/lab';
import { formatNumber, padFigure } from '@x2g/web/math';
import type { Place } from './training.ts';
import type { Word } from './words.ts';

type Say = (word: Word) => string;
const shown = 3; // numbers of a tensor in the table
const wide = 10; // characters of a number, −1.23×10⁻⁵ with its sign

/** (4, 2); a tensor without dimensions holds one number. */
export function shapeText(shape: readonly number[], say: Say): string {
  return shape.length === 0 ? say('scalar') : `(${shape.join(', ')})`;
}

export function nodeList(
  nodes: readonly GraphNode[],
  tensors: readonly TensorInfo[],
  place: Place | undefined,
  say: Say,
): TemplateResult {
  const shapes = new Map(tensors.map((t) => [t.name, t.shape]));
  const update = place?.phase === 'update';
  return html`
    <ol class="nodes" data-x2g="nodes" aria-label=${say('nodes')}>
      ${nodes.map((node, i) => {
        const now = place?.node === i ? place.phase : undefined;
        const inputs = node.inputs.filter((name) => name !== null).join(', ');
        return html`
          <li aria-current=${now ? 'step' : nothing} data-phase=${now ?? nothing}>
            <code>${node.name} = ${node.op}(${inputs})</code>
            <span class="now">${now ? say(now) : shapeText(shapes.get(node.name) ?? [], say)}</span>
          </li>
        `;
      })}
      <li aria-current=${update ? 'step' : nothing} data-phase=${update ? 'update' : nothing}>
        <span>${say('update')}</span>
      </li>
    </ol>
  `;
}

function numbers(values: ArrayLike<number> | null): string {
  if (!values) return '';
  const first = Array.from({ length: Math.min(shown, values.length) }, (_, i) =>
    padFigure(formatNumber(values[i] ?? NaN), wide),
  );
  return first.join(' ') + (values.length > shown ? ' …' : '');
}

export function tensorTable(
  tensors: readonly TensorInfo[],
  looks: GraphLook[],
  title: string,
  say: Say,
): TemplateResult {
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label=${`${say('tensors')}: ${title}`}>
      <table data-x2g="tensors">
        <thead>
          <tr>
            <th scope="col">${say('tensor')}</th>
            <th scope="col">${say('shape')}</th>
            <th scope="col">${say('role')}</th>
            <th scope="col">${say('values')}</th>
            <th scope="col">${say('gradients')}</th>
          </tr>
        </thead>
        <tbody>
          ${tensors.map(({ name, shape, role }, i) => {
            const look = looks[i];
            return html`
              <tr data-tensor=${name}>
                <th scope="row"><code>${name}</code></th>
                <td>${shapeText(shape, say)}</td>
                <td>${say(role)}</td>
                <td class="number">${numbers(look?.data ?? null)}</td>
                <td class="number grad">${numbers(look?.grad ?? null)}</td>
              </tr>
            `;
          })}
        </tbody>
      </table>
    </div>
  `;
}
