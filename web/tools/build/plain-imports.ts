/**
 * import() as the browser has it. Vite wraps each in half a kilobyte that preloads a chunk's style sheets and imports;
 * no chunk of ours has a style sheet, and preloading is switched off.
 */
import type { Plugin } from 'vite';

const HELPER = '\0vite/preload-helper.js';

export function plain_imports(): Plugin {
  return {
    name: 'x2g-plain-imports',
    enforce: 'pre',
    load: (id) => (id === HELPER ? 'export const __vitePreload = (load) => load();' : undefined),
  };
}
