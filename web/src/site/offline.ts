/**
 * Starts the service worker (sw.js at the site's root) after the page has loaded, where the browser allows one.
 * A page works without it; failing to start it is no error that a reader could act on.
 */
export function start_offline(): void {
  const address = document.querySelector<HTMLElement>('[data-x2g-offline]')?.dataset.x2gOffline;
  if (!address || !('serviceWorker' in navigator) || !window.isSecureContext) return;
  addEventListener('load', () => {
    const script = new URL(address, document.baseURI);
    navigator.serviceWorker
      .register(script, { scope: new URL('./', script).pathname })
      .catch(() => undefined);
  });
}
