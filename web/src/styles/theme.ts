/**
 * Which theme an element shows, and word when it changes. CSS alone cannot tell a shadow root what <html data-theme>
 * says (:host-context is Chromium's), and a canvas must be redrawn anyway: so one observer for the whole page.
 * Not a store and not a setter: the page's picker, the system or the element's own theme attribute decide.
 */
export type Theme = 'light' | 'dark';

const listeners = new Set<() => void>();
let stop: (() => void) | undefined;

/** The page's theme: <html data-theme>, else what the system prefers. */
export function page_theme(): Theme {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

/** The theme of one element: its theme attribute, else the page's. */
export function theme_of(element: Element): Theme {
  const chosen = element.getAttribute('theme');
  return chosen === 'light' || chosen === 'dark' ? chosen : page_theme();
}

function watch_page(): () => void {
  const tell = (): void => listeners.forEach((listener) => listener());
  const observer = new MutationObserver(tell);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  const media = matchMedia('(prefers-color-scheme: dark)');
  media.addEventListener('change', tell);
  return () => {
    observer.disconnect();
    media.removeEventListener('change', tell);
  };
}

/**
 * Keeps data-theme on `host` (tokens.css reads it) equal to the theme that it should show and calls `changed` after
 * each change. Returns the function that undoes it: call it from disconnectedCallback.
 */
export function follow_theme(host: HTMLElement, changed?: (theme: Theme) => void): () => void {
  const apply = (): void => {
    const theme = theme_of(host);
    if (host.dataset.theme === theme) return;
    host.dataset.theme = theme;
    changed?.(theme);
  };
  const own = new MutationObserver(apply);
  own.observe(host, { attributes: true, attributeFilter: ['theme'] });
  listeners.add(apply);
  stop ??= watch_page();
  apply();
  return () => {
    own.disconnect();
    listeners.delete(apply);
    if (listeners.size === 0) {
      stop?.();
      stop = undefined;
    }
  };
}
