/**
 * Inline scripts and style attributes become files, so that the pages run under a strict policy (script-src 'self';
 * style-src 'self'); the 404 page does the reverse, because at an unknown depth no relative address can be right.
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

/**
 * Turns style attributes (KaTeX and the sidebar write them) into classes. Each distinct style is added to `rules`
 * (class -> declarations), which style_sheet() writes once for all pages.
 */
export function externalize_styles(html, rules) {
  return html.replace(
    /<([a-zA-Z][\w:-]*)((?:\s[^<>]*?)?)\sstyle="([^"]*)"([^<>]*)>/g,
    (_, tag, before, style, after) => {
      const declarations = style.replaceAll('&quot;', '"').trim().replace(/;?$/, ';');
      const name = `s${createHash('sha256').update(declarations).digest('hex').slice(0, 8)}`;
      rules.set(name, declarations);
      const attributes = before + after;
      const classed = /\sclass="/.test(attributes)
        ? attributes.replace(/\sclass="/, ` class="${name} `)
        : ` class="${name}"${attributes}`;
      return `<${tag}${classed}>`;
    },
  );
}

/** The file of those rules. A style attribute beats every selector: so does a class repeated often enough. */
export function style_sheet(rules) {
  const text = [...rules]
    .sort()
    .map(([name, declarations]) => `${`.${name}`.repeat(4)}{${declarations}}\n`)
    .join('');
  const path = `_astro/styles.${createHash('sha256').update(text).digest('hex').slice(0, 10)}.css`;
  return { path, text };
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
