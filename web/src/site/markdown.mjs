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

/** A table's empty corner is no heading: Markdown cannot say so, screen readers stumble over it. */
function rehype_empty_headings() {
  return (tree) => {
    const visit = (node) => {
      if (node.tagName === 'th' && node.children.length === 0) node.tagName = 'td';
      node.children?.forEach(visit);
    };
    visit(tree);
  };
}

export const processor = unified({
  remarkPlugins: [remark_cjk_friendly, remark_math, remark_japanese_asides],
  rehypePlugins: [
    [rehype_katex, { output: 'htmlAndMathml', strict: 'error', throwOnError: true }],
    rehype_empty_headings,
  ],
  smartypants: false, // it would touch Japanese and code-like text; authors write “ ” and − themselves
});
