/**
 * What "Embed this" offers: ready HTML for another page, as an element or as a frame that grows with its content.
 * Text in, text out. The listener trusts only messages from its own frame and takes nothing from them but a height.
 */
import type { OptionTable } from '../option.ts';
import type { DemoState } from '../state.ts';

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const attributes = (list: [string, string][]): string =>
  list.map(([k, v]) => ` ${k}="${escapeHtml(v)}"`).join('');

/** Attributes that say the state in plain words, or undefined when only state="…" can hold it. */
export function plainAttributes(
  state: Partial<DemoState>,
  table: OptionTable,
): [string, string][] | undefined {
  if (state.step) return undefined;
  const list: [string, string][] = state.seed === undefined ? [] : [['seed', String(state.seed)]];
  for (const [name, value] of Object.entries(state.options ?? {})) {
    const o = table[name];
    // `hidden` would also be HTML's own attribute and hide the demo where scripts are off.
    if (!o?.plain || name === 'hidden') return undefined;
    list.push([name.replace(/[A-Z]/gu, (c) => `-${c.toLowerCase()}`), o.write(value)]);
  }
  return list;
}

export function elementSnippet(o: {
  script: string;
  tag: string;
  lang: string;
  attributes: [string, string][];
}): string {
  const list: [string, string][] = [...o.attributes, ['lang', o.lang]];
  return [
    `<script type="module" src="${escapeHtml(o.script)}"></script>`,
    `<${o.tag}${attributes(list)}></${o.tag}>`,
  ].join('\n');
}

export function frameSnippet(o: {
  page: string;
  state: string;
  lang: string;
  title: string;
  id: string;
}): string {
  const query = new URLSearchParams({ lang: o.lang, id: o.id });
  if (o.state) query.set('state', o.state);
  return [
    `<iframe id="${escapeHtml(o.id)}" src="${escapeHtml(`${o.page}?${query.toString()}`)}" title="${escapeHtml(o.title)}"`,
    `  sandbox="allow-scripts" loading="lazy" width="100%" height="720"></iframe>`,
    `<script>`,
    `  addEventListener('message', (event) => {`,
    `    const frame = document.getElementById('${o.id}');`,
    `    if (event.source !== frame.contentWindow || event.data?.type !== 'x2g-height') return;`,
    `    const height = Number(event.data.height);`,
    `    if (height > 0 && height < 20000) frame.height = height;`,
    `  });`,
    `</script>`,
  ].join('\n');
}
