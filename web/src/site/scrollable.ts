/**
 * Formulas, tables and code that are wider than the page scroll by themselves; then, and only then, they take the
 * keyboard focus so that the arrow keys reach them too.
 */
export function focus_scrollable(): void {
  const boxes = document.querySelectorAll<HTMLElement>('main :is(.katex-display, table, pre)');
  const update = (box: Element): void => {
    if (box.scrollWidth > box.clientWidth) box.setAttribute('tabindex', '0');
    else box.removeAttribute('tabindex');
  };
  const observer = new ResizeObserver((entries) => entries.forEach(({ target }) => update(target)));
  boxes.forEach((box) => observer.observe(box));
}
