/**
 * Tells an element when it comes near the viewport and when it leaves. Hidden tabs are the session's business, not this one's.
 */
/** How far outside the viewport an element counts as near, so that it is ready when it is scrolled to. */
const MARGIN = '300px';

/** Calls `changed(near)` at once with the present answer and after each change; returns the undo. */
export function watchVisibility(element: Element, changed: (near: boolean) => void): () => void {
  if (typeof IntersectionObserver === 'undefined') {
    changed(true);
    return () => undefined;
  }
  let known: boolean | undefined;
  const observer = new IntersectionObserver(
    (entries) => {
      const near = entries.at(-1)?.isIntersecting ?? false;
      if (near === known) return;
      known = near;
      changed(near);
    },
    { rootMargin: MARGIN },
  );
  observer.observe(element);
  return () => observer.disconnect();
}

export const reducedMotion = (): boolean =>
  typeof matchMedia === 'function' && matchMedia('(prefers-reduced-motion: reduce)').matches;
