/**
 * The script of the iframe pages /embed/v1/SLUG/: makes the one demo element from the address parameters and tells
 * the parent how tall it is. The message holds a height and nothing private, so it may go to any parent ('*').
 */
import { read_params } from './params';

const place = document.querySelector<HTMLElement>('[data-x2g-demo]');
if (place) show(place);

function show(place: HTMLElement): void {
  const slug = place.dataset.x2gDemo ?? '';
  const { lang, theme, attributes, id, refused } = read_params(location.search, location.hash, slug);
  const page = document.documentElement;
  page.lang = lang;
  if (theme !== 'auto') page.dataset.theme = theme;
  const heading = document.querySelector('h1');
  if (heading) {
    heading.textContent = heading.dataset[lang] ?? slug;
    document.title = `${heading.textContent} · xor2gpt`;
  }

  const demo = document.createElement(`x2g-${slug}`);
  demo.setAttribute('lang', lang);
  demo.setAttribute('theme', theme);
  for (const [name, value] of Object.entries(attributes)) demo.setAttribute(name, value);
  place.replaceChildren(demo);

  if (refused.length > 0) {
    const note = document.createElement('p');
    note.setAttribute('role', 'alert');
    note.textContent = refused.join(' ');
    place.prepend(note);
  }
  tell_height(id);
}

/** {type: 'x2g-height', height, id} to the parent after each change of the page's height, in CSS pixels. */
function tell_height(id: string): void {
  if (parent === window) return;
  let told = 0;
  const tell = (): void => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    if (height === told) return;
    told = height;
    parent.postMessage({ type: 'x2g-height', height, id }, '*');
  };
  new ResizeObserver(tell).observe(document.body);
  tell();
}
