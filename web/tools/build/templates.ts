/**
 * Takes the layout out of html``, svg`` and css`` templates at build time: bundlers ship the text of a template as it stands.
 * Runs of blanks become one, beside block elements none; sheets go through lightningcss. Templates keep their expressions in order.
 * Not a minifier of scripts (that is Vite's); what stands in <pre>, <textarea>, attribute values and templates with comments stays.
 */
import { transform } from 'lightningcss';
import { parseAst, type Plugin } from 'vite';

interface Quasi {
  start: number;
  end: number;
  value: { raw: string; cooked: string | null };
}
interface Node {
  type: string;
  tag?: { type: string; name?: string };
  quasi?: { quasis: Quasi[] };
  [key: string]: unknown;
}

const block =
  'caption|details|dialog|div|dl|dt|dd|fieldset|figcaption|figure|form|h1|h2|h3|header|hr|legend|li|ol|optgroup|option|p|section|summary|table|tbody|td|tfoot|th|thead|tr|ul';
const afterBlock = new RegExp(`(</?(?:${block})(?=[\\s>])[^<>]*>) `, 'g');
const beforeBlock = new RegExp(` (</?(?:${block})(?=[\\s>]))`, 'g');
const mark = '\u{e000}'; // stands for an expression; private use, so no template holds it

/** The parts of an html or svg template without its layout; as many parts come back as went in. */
export function squeezeHtml(parts: readonly string[]): string[] {
  const whole = parts.join(mark);
  if (whole.includes('<!--') || parts.some((part) => part.includes(mark))) return [...parts];
  let out = '';
  let inTag = false;
  let quote = '';
  let verbatim = '';
  for (const [piece] of whole.matchAll(/[ \t\r\n]+|<\/?[a-z][\w-]*|[^]/gu)) {
    if (/^[ \t\r\n]/u.test(piece) && !quote && !verbatim) {
      out += ' ';
      continue;
    }
    out += piece;
    if (quote) quote = piece === quote ? '' : quote;
    else if (inTag && (piece === '"' || piece === "'")) quote = piece;
    else if (inTag && piece === '>') inTag = false;
    else if (piece[0] === '<' && piece.length > 1) {
      inTag = true;
      if (piece === `</${verbatim}`) verbatim = '';
      else if (piece === '<pre' || piece === '<textarea') verbatim = piece.slice(1);
    }
  }
  return out.replace(afterBlock, '$1').replace(beforeBlock, '$1').replaceAll(' >', '>').split(mark);
}

/** Browsers of the `es2022` that Vite builds for; the same as for its own sheets, so that no newer syntax comes in. */
const targets = { chrome: 94 << 16, firefox: 93 << 16, safari: (16 << 16) | (4 << 8) };

export function squeezeCss(text: string, filename: string): string {
  const { code } = transform({ filename, code: new TextEncoder().encode(text), minify: true, targets });
  return new TextDecoder().decode(code).replace(/[`\\]|\$\{/gu, '\\$&');
}

function* tagged(node: unknown): Generator<Node> {
  if (Array.isArray(node)) {
    for (const entry of node) yield* tagged(entry);
  } else if (typeof node === 'object' && node !== null) {
    if ((node as Node).type === 'TaggedTemplateExpression') yield node as Node;
    for (const entry of Object.values(node)) yield* tagged(entry);
  }
}

/** The script with its templates squeezed; undefined when there are none. */
export function squeezeTemplates(code: string, filename: string): string | undefined {
  if (!/\b(?:html|svg|css)`/u.test(code)) return undefined;
  const changes: { start: number; end: number; text: string }[] = [];
  for (const { tag, quasi } of tagged(parseAst(code, { lang: 'ts', astType: 'js' }))) {
    const name = tag?.type === 'Identifier' ? tag.name : undefined;
    const quasis = quasi?.quasis ?? [];
    const raw = quasis.map(({ value }) => value.raw);
    let parts = raw;
    if (name === 'html' || name === 'svg') parts = squeezeHtml(raw);
    else if (name === 'css' && raw.length === 1) parts = [squeezeCss(quasis[0]?.value.cooked ?? '', filename)];
    quasis.forEach(({ start, end }, i) => {
      const text = parts[i] ?? '';
      if (text !== raw[i]) changes.push({ start, end, text });
    });
  }
  changes.sort((a, b) => b.start - a.start);
  return changes.reduce((out, { start, end, text }) => out.slice(0, start) + text + out.slice(end), code);
}

export function templates(): Plugin {
  return {
    name: 'x2g:templates',
    apply: 'build',
    enforce: 'pre',
    transform(code, id) {
      const file = id.replace(/\?.*$/u, '');
      if (!/\.ts$/u.test(file) || file.includes('/node_modules/') || id !== file) return null;
      const squeezed = squeezeTemplates(code, file);
      return squeezed === undefined ? null : { code: squeezed, map: null };
    },
  };
}
