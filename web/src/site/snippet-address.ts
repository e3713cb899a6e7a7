/** Puts this site's own address into the snippets of the embed page, so that they can be copied as they stand. */
import { stand_in } from './snippets';

export function fill_in_addresses(): void {
  document.querySelectorAll<HTMLElement>('code[data-embed-root]').forEach((code) => {
    const root = new URL(code.dataset.embedRoot ?? '', document.baseURI).href;
    code.textContent = (code.textContent ?? '').replaceAll(stand_in, root);
  });
}
