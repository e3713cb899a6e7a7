// The build's squeezing of templates: layout goes, everything that a reader or lit could see stays.
import { describe, expect, it } from 'vitest';
import { squeezeCss, squeezeHtml, squeezeTemplates } from '../../web/tools/build/templates.ts';

describe('a squeezed html template', () => {
  it('keeps one blank between words, inline elements and expressions', () => {
    expect(squeezeHtml(['\n  <b>a</b>\n  ', '\n  c  d ', ''])).toEqual([' <b>a</b> ', ' c d ', '']);
  });
  it('has no blanks beside block elements and none before >', () => {
    expect(squeezeHtml(['\n  <div\n    class="x"\n    id=', '\n  >\n    ', '\n  </div>\n'])).toEqual([
      '<div class="x" id=',
      '>',
      '</div>',
    ]);
  });
  it('gives back as many parts as it was given, also for empty ones', () => {
    expect(squeezeHtml(['', '', ''])).toEqual(['', '', '']);
  });
  it('leaves attribute values, <pre> and <textarea> as they are', () => {
    const parts = ['<p title="a  b\n c">', '</p><pre>  x\n  y </pre><textarea>\n a  b</textarea>'];
    expect(squeezeHtml(parts)).toEqual(parts);
  });
  it('takes an apostrophe in text for what it is', () => {
    expect(squeezeHtml(["it's  <i>the   reader's</i>  box"])).toEqual(["it's <i>the reader's</i> box"]);
  });
  it('keeps blanks that are not layout: no-break and ideographic ones', () => {
    expect(squeezeHtml(['a\u00a0\u00a0b\u3000\u3000c'])).toEqual(['a\u00a0\u00a0b\u3000\u3000c']);
  });
  it('does not touch a template with a comment', () => {
    expect(squeezeHtml(['<!-- a   b -->  '])).toEqual(['<!-- a   b -->  ']);
  });
});

describe('a squeezed sheet', () => {
  it('means the same', () => {
    expect(squeezeCss('\n  a b {\n    color : red ;\n  }\n', 'x.ts')).toBe('a b{color:red}');
  });
  it('can stand in a template literal', () => {
    expect(squeezeCss("a::before { content: '\\\\`${' }", 'x.ts')).not.toMatch(/(?<!\\)[`]|(?<!\\)\$\{/);
  });
});

describe('a script', () => {
  it('keeps its types, its expressions and what is no template of ours', () => {
    const code =
      'const n: number = 1;\nconst a = html`\n  <p>${n}  ${sql`  x  `}</p>\n`;\nconst s = `  y  `;';
    expect(squeezeTemplates(code, 'x.ts')).toBe(
      'const n: number = 1;\nconst a = html`<p>${n} ${sql`  x  `}</p>`;\nconst s = `  y  `;',
    );
  });
  it('may nest templates and hold any text before them', () => {
    const code =
      "const ja = '日本語 🎌';\nconst a = html`<p>  ${b.map((c) => html`\n  <li>${c}</li>\n`)}  </p>`;";
    expect(squeezeTemplates(code, 'x.ts')).toBe(
      "const ja = '日本語 🎌';\nconst a = html`<p>${b.map((c) => html`<li>${c}</li>`)}</p>`;",
    );
  });
  it('without templates is left alone', () => {
    expect(squeezeTemplates('const a = 1;', 'x.ts')).toBeUndefined();
  });
});
