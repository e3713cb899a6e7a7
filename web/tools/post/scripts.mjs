/**
 * Inline scripts become files, so that the pages run under a strict policy (script-src 'self'); the 404 page does the
 * reverse, because at an unknown depth no relative address of a file can be right.
 */
import { createHash } from 'node:crypto';

const inline_script = /<script((?:\s[^>]*)?)>([\s\S]*?)<\/script>/g;
const runs = (attributes) =>
  !/\ssrc=/.test(attributes) && !/type="(?:application\/|importmap|speculationrules)/.test(attributes);

/** Returns the page without inline scripts, and the files to write: Map path -> text. `base` starts each address. */
export function externalize(html, base) {
  const files = new Map();
  const page = html.replace(inline_script, (whole, attributes, code) => {
    if (!runs(attributes) || code.trim() === '') return whole;
    const hash = createHash('sha256').update(code).digest('hex').slice(0, 10);
    const path = `_astro/inline.${hash}.js`;
    files.set(path, `${code.trim()}\n`);
    return `<script${attributes} src="${base}/${path}"></script>`;
  });
  return { page, files };
}

/** Puts the text of each script of ours into the page. `read(path)` gives a file's text; imports are refused. */
export function internalize(html, base, read) {
  const script = new RegExp(`<script([^>]*?)\\ssrc="${base}/([^"]+)"([^>]*)></script>`, 'g');
  return html.replace(script, (_, before, path, after) => {
    const code = read(path);
    if (/^\s*import\s*["'{*\w]/m.test(code))
      throw new Error(`${path}: a script of the 404 page must stand alone`);
    return `<script${before}${after}>${code.replaceAll('</script', '<\\/script').trim()}</script>`;
  });
}
