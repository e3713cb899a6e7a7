// dist/ must work from any sub-path: addresses become relative, inline scripts become files.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { folders_above } from '../../web/src/site/find-root';
import { preferred_language, slug_of } from '../../web/src/site/language';
import { add_preloads, chunks_of } from '../../web/tools/post/preload.mjs';
import { check_script, make_relative, only_woff2, relative_address } from '../../web/tools/post/relative.mjs';
import { externalize, externalize_styles, internalize, style_sheet } from '../../web/tools/post/scripts.mjs';

const base = '/x2g-base';
const name = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,8}$/);
const folder = fc.array(name, { maxLength: 4 }).map((names) => names.map((part) => `${part}/`).join(''));

describe('relative addresses', () => {
  it('lead to the same file under any sub-path', () => {
    fc.assert(
      fc.property(folder, folder, name, fc.option(name), (prefix, from, page, to_file) => {
        fc.pre(!from.startsWith('/'));
        const file = `${from}${page}.html`;
        const target = `/${from.split('').reverse().join('').length > 4 ? 'en/xor/' : ''}${to_file ?? ''}`;
        const site = `https://host.example/${prefix}`;
        const resolved = new URL(relative_address(target, file), site + file).href;
        expect(resolved).toBe(site + target.slice(1));
      }),
    );
  });

  it('replace every form in which a page holds them', () => {
    const html = `<a href="${base}/ja/xor/#map">x</a><link href='${base}/_astro/a.css'><a href="${base}">h</a><i data-root="${base}/">`;
    expect(make_relative(html, 'en/xor/index.html', base)).toBe(
      `<a href="../../ja/xor/#map">x</a><link href='../../_astro/a.css'><a href="../../">h</a><i data-root="../../">`,
    );
    expect(make_relative(`a{src:url(${base}/_astro/f.woff2) format("woff2")}`, '_astro/a.css', base)).toBe(
      'a{src:url(f.woff2) format("woff2")}',
    );
    expect(make_relative(`<a href="${base}/en/xor/?a=1">`, 'index.html', base)).toBe(
      '<a href="en/xor/?a=1">',
    );
  });

  it('leave longer names and other addresses alone', () => {
    const other = '<a href="/x2g-baseline/"><a href="https://host.example/en/">';
    expect(make_relative(other, 'index.html', base)).toBe(other);
  });

  it('are refused inside scripts, with the place named', () => {
    expect(() => check_script(`import("${base}/a.js")`, '_astro/s.js', base)).toThrow('_astro/s.js');
    expect(() => check_script('import("./a.js")', '_astro/s.js', base)).not.toThrow();
  });
});

describe('scripts in pages', () => {
  it('move into files of the same text, in place and in order', () => {
    const html = '<script>a()</script><p>x</p><script type="module">b()</script><script src="c.js"></script>';
    const { page, files } = externalize(html, base);
    expect(page).not.toMatch(/<script[^>]*>[^<]/);
    expect([...files.values()].map((text) => text.trim())).toEqual(['a()', 'b()']);
    const [first, second] = [...files.keys()];
    expect(page).toBe(
      `<script src="${base}/${first}"></script><p>x</p><script type="module" src="${base}/${second}"></script><script src="c.js"></script>`,
    );
  });

  it('stay when they are data', () => {
    const html = '<script type="application/ld+json">{}</script>';
    expect(externalize(html, base)).toEqual({ page: html, files: new Map() });
  });

  it('move back into the 404 page, which must not import', () => {
    const html = `<script type="module" src="${base}/_astro/n.js"></script>`;
    expect(internalize(html, base, () => 'run("</script>")')).toBe(
      '<script type="module">run("<\\/script>")</script>',
    );
    expect(() => internalize(html, base, () => 'import "./x.js";')).toThrow('_astro/n.js');
  });
});

describe('style attributes', () => {
  it('become classes of one sheet, equal styles sharing one', () => {
    const rules = new Map<string, string>();
    const html = '<i style="top:1em"></i><b class="k" id="x" style="top:1em;">t</b><a title="style=no">u</a>';
    const page = externalize_styles(html, rules);
    const [name] = [...rules.keys()];
    expect(rules.size).toBe(1);
    expect(page).toBe(`<i class="${name}"></i><b class="${name} k" id="x">t</b><a title="style=no">u</a>`);
    const { path, text } = style_sheet(rules);
    expect(text).toBe(`.${name}.${name}.${name}.${name}{top:1em;}\n`);
    expect(path).toMatch(/^_astro\/styles\.[0-9a-f]{10}\.css$/);
  });
});

describe('fonts and preloads', () => {
  it('keeps only woff2', () => {
    expect(
      only_woff2(
        'src:url(a.woff2) format("woff2"),url(a.woff) format("woff"),url(a.ttf) format("truetype")}',
      ),
    ).toBe('src:url(a.woff2) format("woff2")}');
  });

  it('preloads what a demo imports, and only on its pages', () => {
    const manifest = {
      '../lessons/02-xor/demo.ts': {
        file: 'chunks/xor.js',
        imports: ['_lab.js'],
        dynamicImports: ['_plot.js'],
      },
      '_lab.js': { file: 'chunks/lab.js', imports: ['_lab.js', 'src/embed/main.ts'] },
      'src/embed/main.ts': { file: 'xor2gpt.js', isEntry: true },
      '_plot.js': { file: 'chunks/plot.js' },
    };
    const chunks = chunks_of(manifest, '02-xor');
    expect(chunks).toEqual(['chunks/xor.js', 'chunks/lab.js']);
    const page = '<head></head><x2g-xor seed="1"></x2g-xor>';
    expect(add_preloads(page, [['x2g-xor', chunks]], base)).toContain(
      `href="${base}/embed/v1/chunks/lab.js"`,
    );
    expect(
      add_preloads('<head></head><x2g-xor-two></x2g-xor-two>', [['x2g-xor', chunks]], base),
    ).not.toContain('link');
  });
});

describe('finding the way', () => {
  it('looks for the site root upwards from a missing page', () => {
    expect(folders_above('/a/b/nope/x')).toEqual(['/a/b/nope/', '/a/b/', '/a/', '/']);
    expect(folders_above('/')).toEqual(['/']);
  });

  it('prefers the saved language, then the browser’s, then English', () => {
    expect(preferred_language('ja', ['en-US'])).toBe('ja');
    expect(preferred_language(null, ['fr', 'ja-JP', 'en'])).toBe('ja');
    expect(preferred_language('xx', ['de'])).toBe('en');
    expect(preferred_language(null, [])).toBe('en');
  });

  it('knows that the two languages of a lesson are one place', () => {
    expect(slug_of('/lab/en/xor/')).toBe(slug_of('/ja/xor/'));
    expect(slug_of('/en/xor/')).not.toBe(slug_of('/en/perceptron/'));
  });
});
