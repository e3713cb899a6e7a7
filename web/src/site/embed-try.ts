/**
 * The live preview of the Embedding page: what stands in the text box is shown as a demo beside it. Only the tag of a demo and its attributes
 * are taken from the text, one by one; nothing of it becomes markup.
 */
import type { Lang } from './lang';

/** The first demo element in a text: its tag and attributes, or undefined. Pure, so that it can be tested without a page. */
export function read_tag(
  text: string,
  known: readonly string[],
): { tag: string; attributes: [string, string][] } | undefined {
  const found = /<(x2g-[a-z0-9-]+)((?:\s+[^<>]*)?)>/u.exec(text);
  const [, tag = '', rest = ''] = found ?? [];
  if (!known.includes(tag)) return undefined;
  const attributes: [string, string][] = [];
  for (const [, name = '', a, b, c] of rest.matchAll(
    /([a-z][a-z0-9-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/gu,
  ))
    if (!name.startsWith('on') && name !== 'style' && name !== 'id' && name !== 'class')
      attributes.push([name, a ?? b ?? c ?? '']);
  return { tag, attributes };
}

export function start_preview(page: Document = document): void {
  const box = page.querySelector<HTMLTextAreaElement>('[data-embed-text]');
  const choice = page.querySelector<HTMLSelectElement>('[data-embed-choice]');
  const place = page.querySelector<HTMLElement>('[data-embed-preview]');
  if (!box || !choice || !place) return;
  const lang: Lang = page.documentElement.lang === 'ja' ? 'ja' : 'en';
  const known = [...choice.options].map((option) => option.value);
  const show = (): void => {
    const found = read_tag(box.value, known);
    if (!found) {
      const fault = page.createElement('p');
      fault.setAttribute('role', 'alert');
      fault.textContent =
        lang === 'ja'
          ? `タグが見つかりません。使えるタグ：${known.join('、')}`
          : `No demo's tag was found. There are: ${known.join(', ')}`;
      place.replaceChildren(fault);
      return;
    }
    const element = page.createElement(found.tag);
    for (const [name, value] of found.attributes) element.setAttribute(name, value);
    place.replaceChildren(element);
  };
  choice.addEventListener('change', () => {
    box.value = `<${choice.value} seed="3" hide="title prediction panels"></${choice.value}>`;
    show();
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  box.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(show, 600);
  });
  show();
}
