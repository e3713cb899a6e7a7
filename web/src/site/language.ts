/**
 * Switching the language keeps the reader's place: the link leads to the same lesson, the section is found again by
 * its number, and a demo's shared state (#slug=…) goes along. Without storage the link still works, from the top.
 */
import { langs, type Lang } from './lang';

const language_key = 'x2g-lang';
const place_key = 'x2g-place';

interface Place {
  slug: string;
  section: number;
  offset: number;
}

/** The lesson's part of an address: ".../en/xor/" -> "xor/"; the same for both languages. */
export const slug_of = (path: string): string => path.replace(/^.*\/(?:en|ja)\//, '');

/** The language to open: the saved one, else the first of the browser's that we speak, else English. */
export function preferred_language(saved: string | null, wanted: readonly string[]): Lang {
  const speaks = (tag: string): Lang | undefined =>
    langs.find((lang) => tag.toLowerCase().split('-')[0] === lang);
  if (saved && speaks(saved)) return speaks(saved)!;
  for (const tag of wanted) if (speaks(tag)) return speaks(tag)!;
  return 'en';
}

/** Storage may be denied (private windows, third-party frames); then there is nothing saved. */
export function saved_language(): string | null {
  try {
    return localStorage.getItem(language_key);
  } catch {
    return null;
  }
}

const sections = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('main :is(h1, h2, h3)')];

function remember(lang: string): void {
  const above = sections().filter((heading) => heading.getBoundingClientRect().top < innerHeight / 3);
  const section = above.length - 1;
  const offset = section >= 0 ? above[section]!.getBoundingClientRect().top : 0;
  const place: Place = { slug: slug_of(location.pathname), section, offset };
  try {
    localStorage.setItem(language_key, lang);
    sessionStorage.setItem(place_key, JSON.stringify(place));
  } catch {
    // No storage: the link alone has to do.
  }
}

function return_to_place(): void {
  let place: Place | null;
  try {
    place = JSON.parse(sessionStorage.getItem(place_key) ?? 'null') as Place | null;
    sessionStorage.removeItem(place_key);
  } catch {
    return;
  }
  if (!place || place.slug !== slug_of(location.pathname) || !(place.section > 0)) return;
  const { section, offset } = place;
  const go = (): void => {
    const heading = sections()[section];
    if (heading)
      scrollTo({ top: scrollY + heading.getBoundingClientRect().top - offset, behavior: 'instant' });
  };
  go();
  addEventListener('load', go, { once: true });
}

/** Connects the header's language link and returns to a remembered place. */
export function keep_place(): void {
  document.querySelectorAll<HTMLAnchorElement>('a[data-x2g-lang]').forEach((link) => {
    link.addEventListener('click', () => {
      remember(link.dataset.x2gLang ?? 'en');
      if (location.hash.includes('=')) link.hash = location.hash;
    });
  });
  return_to_place();
}
