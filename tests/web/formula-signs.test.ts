// Formulas in prose keep the commas, brackets and quotes at their sides, and can still be broken where TeX would.
import { describe, expect, it } from 'vitest';
import { rehype_formula_signs } from '../../web/src/site/markdown.mjs';

interface Node {
  type: string;
  tagName?: string;
  value?: string;
  properties?: { className?: string[] };
  children?: Node[];
}
const text = (value: string): Node => ({ type: 'text', value });
const element = (className: string, children: Node[] = []): Node => ({
  type: 'element',
  tagName: 'span',
  properties: { className: [className] },
  children,
});
const formula = (bases: number): Node =>
  element('katex', [
    element(
      'katex-html',
      Array.from({ length: bases }, () => element('base')),
    ),
  ]);
const paragraph = (...children: Node[]): Node => ({ type: 'element', tagName: 'p', children });
const show = (node: Node): string =>
  node.value ??
  (node.tagName === 'wbr'
    ? '|'
    : `${node.properties?.className?.[0] ?? node.tagName}[${node.children?.map(show).join('') ?? ''}]`);

describe('signs beside formulas', () => {
  it.each([
    ['「', '」とする', 'p[joined[「katex[katex-html[base[]|base[]]]」]とする]'],
    ['つまり', '、次は', 'p[つまりjoined[katex[katex-html[base[]|base[]]]、]次は]'],
    ['when “', '” the', 'p[when joined[“katex[katex-html[base[]|base[]]]”] the]'],
    ['when ', ' the', 'p[when katex[katex-html[base[]base[]]] the]'],
  ])('%s and %s', (before, after, expected) => {
    const tree = paragraph(text(before), formula(2), text(after));
    rehype_formula_signs()(tree);
    expect(show(tree)).toBe(expected);
  });

  it('leave displayed formulas alone, and take each of two in a row', () => {
    const tree = paragraph(
      formula(1),
      text('、'),
      formula(1),
      text('。'),
      element('katex-display', [formula(2)]),
    );
    rehype_formula_signs()(tree);
    expect(show(tree)).toBe(
      'p[joined[katex[katex-html[base[]]]、]joined[katex[katex-html[base[]]]。]katex-display[katex[katex-html[base[]base[]]]]]',
    );
  });
});
