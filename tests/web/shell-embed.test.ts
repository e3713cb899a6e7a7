// The iframe page's parameters: whatever the address holds, only checked values become attributes.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { read_params } from '../../web/src/embed/params';
import { tag_of } from '../../web/src/embed/registry';
import { frame_snippet, listener_snippet, script_snippet, stand_in } from '../../web/src/site/snippets';

const query = (values: Record<string, string>): string => `?${new URLSearchParams(values)}`;

describe('embed parameters', () => {
  it('come through when they are sound', () => {
    const params = read_params(
      query({ lang: 'ja', theme: 'dark', seed: '7', hide: 'title panels', id: 'a-1' }),
      '',
      'xor',
    );
    expect(params).toEqual({
      lang: 'ja',
      theme: 'dark',
      id: 'a-1',
      attributes: { seed: '7', hide: 'title panels' },
      refused: [],
    });
  });

  it('default to English, the system’s theme and no attributes', () => {
    expect(read_params('', '', 'xor')).toEqual({
      lang: 'en',
      theme: 'auto',
      id: '',
      attributes: {},
      refused: [],
    });
  });

  it('take a state from the query or after #, with or without the slug', () => {
    const state = (search: string, hash: string): string | undefined =>
      read_params(search, hash, 'xor').attributes.state;
    expect(state('?state=abc_-', '')).toBe('abc_-');
    expect(state('', '#xor=abc=')).toBe('abc=');
    expect(state('', '#abc')).toBe('abc');
    expect(state('?state=first', '#xor=second')).toBe('first');
  });

  it.each([
    ['lang', 'fr'],
    ['lang', 'en"><script>'],
    ['theme', 'Dark'],
    ['seed', '-1'],
    ['seed', '4294967296'],
    ['seed', '1e3'],
    ['hide', 'a  b'],
    ['state', 'a b'],
    ['state', 'x'.repeat(65_537)],
    ['id', 'x'.repeat(65)],
  ])('refuse %s=%s and say what is allowed', (name, value) => {
    const params = read_params(query({ [name]: value }), '', 'xor');
    expect(params.refused).toHaveLength(1);
    expect(params.refused[0]).toContain(`${name}: "`);
    expect(params.refused[0]!.length).toBeLessThan(200);
    expect(params.attributes[name]).toBeUndefined();
  });

  it('never set an attribute that is not on the list, whatever the address holds', () => {
    const pair = fc.tuple(
      fc.oneof(
        fc.constantFrom('lang', 'theme', 'seed', 'hide', 'state', 'id', 'onclick', 'style', '__proto__'),
        fc.string(),
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(pair), fc.string(), (pairs, hash) => {
        const { lang, theme, id, attributes } = read_params(
          `?${new URLSearchParams(pairs)}`,
          `#${hash}`,
          'xor',
        );
        expect(['en', 'ja']).toContain(lang);
        expect(['light', 'dark', 'auto']).toContain(theme);
        expect(id).toMatch(/^[\w.-]{0,64}$/);
        for (const [name, value] of Object.entries(attributes)) {
          expect(['seed', 'hide', 'state']).toContain(name);
          expect(value).toMatch(/^[\w.~=, -]*$/);
        }
      }),
    );
  });
});

describe('the embed script', () => {
  it('names each tag after its lesson', () => {
    expect(tag_of('../../../lessons/21-tiny-gpt/demo.ts')).toBe('x2g-tiny-gpt');
    expect(tag_of('../../../lessons/02-xor/demo.ts')).toBe('x2g-xor');
  });

  it('has snippets that hold the address and check who sent a message', () => {
    for (const snippet of [script_snippet, frame_snippet]) expect(snippet(stand_in)).toContain(stand_in);
    expect(listener_snippet()).toContain('event.source !==');
  });
});
