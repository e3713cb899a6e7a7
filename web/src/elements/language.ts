/**
 * Which language an element speaks, and a text in it. Own `lang` attribute first, then the nearest ancestor's, across shadow roots, then English.
 * No table of strings here: those stand in strings.ts and in the lessons.
 */
import type { Lang } from '../lab/types.ts';
import type { Label } from './option.ts';

export const t = (label: Label, lang: Lang): string => label[lang];

const isJa = (tag: string): boolean => /^ja(?:-|$)/iu.test(tag);

export function resolveLang(element: Element): Lang {
  let node: Element | null = element;
  while (node) {
    const holder: Element | null = node.closest('[lang]');
    const tag = holder?.getAttribute('lang');
    if (tag) return isJa(tag) ? 'ja' : 'en';
    const root: Node = node.getRootNode();
    node = root instanceof ShadowRoot ? root.host : null;
  }
  return 'en';
}
