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
    rehype_demo_blocks,
  ],
  smartypants: false, // it would touch Japanese and code-like text; authors write “ ” and − themselves
});
