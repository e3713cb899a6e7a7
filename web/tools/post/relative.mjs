/**
 * Makes every address of ours relative to the file it stands in, so that dist/ works from any sub-path of any host.
 * The build writes addresses under a placeholder (src/site/base.mjs); this replaces it in HTML and CSS, and refuses
 * JavaScript that still holds it (a script must take its addresses from the page or from import.meta.url).
 */
import { posix } from 'node:path';

const escape = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** "/x2g-base/en/xor/" seen from the file "ja/xor/index.html" -> "../../en/xor/". */
export function relative_address(target, file) {
  const folder = posix.dirname(file);
  const path = target.replace(/^\//, '');
  const ends_in_slash = path === '' || path.endsWith('/');
  const relative = posix.relative(folder, path) || '.';
  return ends_in_slash ? `${relative}/` : relative;
}

/** The text of an HTML or CSS file at `file` (path below the site's root) with all its addresses relative. */
export function make_relative(text, file, base) {
  const address = new RegExp(`${escape(base)}(?![\\w-])(/[^"'\\s<>()?#,]*)?`, 'g');
  return text.replace(address, (_, path = '/') => relative_address(path, file));
}

/** A script must not hold the placeholder: it would ask for an address that does not exist. */
export function check_script(text, file, base) {
  const at = text.indexOf(base);
  if (at < 0) return;
  const around = text.slice(Math.max(0, at - 60), at + 60);
  throw new Error(
    `${file} holds the placeholder "${base}" (…${around}…): take the address from the page instead`,
  );
}

/** KaTeX names three formats of each font; every browser that runs WebAssembly SIMD reads the first, woff2. */
export const only_woff2 = (css) => css.replace(/,\s*url\([^)]*\.(?:woff|ttf)\)\s*format\([^)]*\)/g, '');
