/**
 * Markdown of the lessons: GitHub's dialect, Japanese emphasis, formulas set at build time, Starlight's asides.
 * Not the place for demos: their tags pass through as they are written.
 */
import { unified } from '@astrojs/markdown-remark';
import rehype_katex from 'rehype-katex';
import remark_cjk_friendly from 'remark-cjk-friendly';
import remark_math from 'remark-math';

const aside_titles = { note: '補足', tip: 'ヒント', caution: '注意', danger: '重要' };

/**
 * Starlight finds the language of an aside by the file's folder and does not know lessons/NN-slug/ja.md: an aside
 * without a label of its own gets its Japanese title here, before Starlight's plugin draws it.
 */
function remark_japanese_asides() {
  return (tree, file) => {
    if (!/[/\\]ja\.md$/.test(file.path ?? '')) return;
    const visit = (node) => {
      const title = node.type === 'containerDirective' ? aside_titles[node.name] : undefined;
      const labeled = node.children?.[0]?.data?.directiveLabel;
      if (title && !labeled)
        node.children.unshift({
          type: 'paragraph',
          data: { directiveLabel: true },
          children: [{ type: 'text', value: title }],
        });
      node.children?.forEach(visit);
    };
    visit(tree);
  };
}

/**
 * A demo's tag that shares its line with its fallback text is inline for Markdown, which wraps it in a paragraph, and
 * the figure would be as narrow as the prose. Such a paragraph gives way to what it holds.
 */
function rehype_demo_blocks() {
  const is_raw = (node, start) => node?.type === 'raw' && node.value.startsWith(start);
  const is_demo = (node) => {
    const inside = node.children?.filter((child) => child.type !== 'text' || child.value.trim() !== '') ?? [];
    return node.tagName === 'p' && is_raw(inside[0], '<x2g-') && is_raw(inside.at(-1), '</x2g-');
  };
  return (tree) => {
    tree.children = tree.children.flatMap((node) => (is_demo(node) ? node.children : [node]));
  };
}

const text_of = (node) => node.value ?? node.children?.map(text_of).join('') ?? '';
const has_class = (node, name) => node.properties?.className?.includes(name) ?? false;

/**
 * Headings of tables as screen readers want them: an empty corner is a cell, and a formula is named in words
 * ("x_1" -> "x 1"), because MathML gives a heading no name.
 */
function rehype_table_headings() {
  const name_formula = (formula) => {
    const [mathml, drawing] = formula.children;
    const tex = text_of(annotation_of(mathml) ?? mathml);
    const name = tex.replace(/[\\{}$]/g, '').replaceAll('_', ' ');
    const words = { type: 'element', tagName: 'span', properties: { className: ['sr-only'] } };
    formula.children = [{ ...words, children: [{ type: 'text', value: name }] }, drawing];
  };
  const visit = (node, heading) => {
    if (node.tagName === 'th' && node.children.length === 0) node.tagName = 'td';
    if (heading && has_class(node, 'katex')) name_formula(node);
    else node.children?.forEach((child) => visit(child, heading || node.tagName === 'th'));
  };
  return (tree) => visit(tree, false);
}

/**
 * No line begins with the comma or the closing quote after a formula, and none ends with the quote before it: a browser may break on both
 * sides of one. The formula and these signs are kept together, and may be broken where TeX would, after a relation.
 */
export function rehype_formula_signs() {
  const bases = (node) =>
    has_class(node, 'katex-html')
      ? node.children.flatMap((base, i) =>
          i > 0 ? [{ type: 'element', tagName: 'wbr', children: [] }, base] : [base],
        )
      : undefined;
  const join = (before, formula, after) => {
    for (const half of formula.children) half.children = bases(half) ?? half.children;
    const parts = [before, formula, after].filter((part) => part !== '');
    return {
      type: 'element',
      tagName: 'span',
      properties: { className: ['joined'] },
      children: parts.map((part) => (typeof part === 'string' ? { type: 'text', value: part } : part)),
    };
  };
  const visit = (node) => {
    if (has_class(node, 'katex-display')) return;
    node.children?.forEach((child, i, children) => {
      if (!has_class(child, 'katex')) return visit(child);
      const [previous, next] = [children[i - 1], children[i + 1]];
      const before = previous?.value?.match(/[(（「『“‘]+$/)?.[0] ?? '';
      const after = next?.value?.match(/^[)）」』”’、。，．,.;:!?！？：；・]+/)?.[0] ?? '';
      if (before + after === '') return;
      if (before) previous.value = previous.value.slice(0, -before.length);
      if (after) next.value = next.value.slice(after.length);
      children[i] = join(before, child, after);
    });
  };
  return visit;
}

/** The TeX source that KaTeX keeps inside its MathML. */
function annotation_of(node) {
  if (node.tagName === 'annotation') return node;
  return node.children?.map(annotation_of).find(Boolean);
}

export const processor = unified({
  remarkPlugins: [remark_cjk_friendly, remark_math, remark_japanese_asides],
  rehypePlugins: [
    [rehype_katex, { output: 'htmlAndMathml', strict: 'error', throwOnError: true }],
    rehype_table_headings,
    rehype_formula_signs,
    rehype_demo_blocks,
  ],
  smartypants: false, // it would touch Japanese and code-like text; authors write “ ” and − themselves
});
