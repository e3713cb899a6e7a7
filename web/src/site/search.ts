/**
 * The search dialog: Ctrl+K or / opens it; Pagefind (the index built with the site) is loaded on first use.
 * Results are drawn with textContent; the excerpt's <mark>s are rebuilt as elements, never inserted as markup.
 */
interface SubResult {
  url: string;
  title: string;
  excerpt: string;
}
interface Result {
  url: string;
  meta: { title?: string };
  sub_results: SubResult[];
}
interface Pagefind {
  options(options: Record<string, unknown>): Promise<void>;
  debouncedSearch(
    query: string,
    options?: object,
    wait?: number,
  ): Promise<{ results: { data(): Promise<Result> }[] } | null>;
}

const most_results = 8;
const most_sections = 3;

/** Text of an excerpt piece with its entities decoded. The parsed document is never shown. */
const decode = (text: string): string =>
  new DOMParser().parseFromString(text.replace(/</g, '&lt;'), 'text/html').body.textContent ?? '';

/** "a <mark>b</mark> c" -> [text, <mark>, text]. */
function excerpt_nodes(excerpt: string): Node[] {
  return excerpt.split(/<\/?mark>/).map((piece, i) => {
    const text = document.createTextNode(decode(piece));
    if (i % 2 === 0) return text;
    const mark = document.createElement('mark');
    mark.append(text);
    return mark;
  });
}

function result_item(result: Result): HTMLLIElement {
  const item = document.createElement('li');
  for (const [i, section] of result.sub_results.slice(0, most_sections).entries()) {
    const link = document.createElement('a');
    link.href = section.url;
    const title = document.createElement('strong');
    title.textContent = i === 0 ? (result.meta.title ?? section.title) : section.title;
    const text = document.createElement('span');
    text.append(...excerpt_nodes(section.excerpt));
    link.append(title, text);
    item.append(link);
  }
  return item;
}

function connect(box: HTMLElement): void {
  const dialog = box.querySelector('dialog')!;
  const input = box.querySelector('input')!;
  const list = box.querySelector('ol')!;
  const status = box.querySelector<HTMLElement>('[role="status"]')!;
  let engine: Promise<Pagefind> | undefined;

  const load = (): Promise<Pagefind> => {
    engine ??= (async () => {
      const root = new URL(box.dataset.root ?? '/', document.baseURI).href;
      const pagefind = (await import(/* @vite-ignore */ `${root}pagefind/pagefind.js`)) as Pagefind;
      await pagefind.options({ baseUrl: root, excerptLength: 18 });
      return pagefind;
    })();
    engine.catch(() => (engine = undefined)); // the next search tries again
    return engine;
  };

  const say = (text: string | undefined): void => {
    status.hidden = !text;
    status.textContent = text ?? '';
  };

  const search = async (): Promise<void> => {
    const query = input.value.trim();
    try {
      const found = await (await load()).debouncedSearch(query, {}, 120);
      if (found === null || query !== input.value.trim()) return; // a newer search is under way
      const results = await Promise.all(found.results.slice(0, most_results).map((r) => r.data()));
      list.replaceChildren(...results.map(result_item));
      say(query && results.length === 0 ? box.dataset.none : undefined);
    } catch {
      say(box.dataset.failed);
    }
  };

  const open = (): void => {
    if (!dialog.open) dialog.showModal();
    input.focus();
    load().catch(() => say(box.dataset.failed));
  };

  box.querySelector('button')!.addEventListener('click', open);
  input.addEventListener('input', () => void search());
  input.form!.addEventListener('submit', (event) => {
    if (event.submitter) return;
    event.preventDefault();
    list.querySelector('a')?.click();
  });
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
    if ((event.target as Element).closest?.('a')) dialog.close();
  });
  addEventListener('keydown', (event) => {
    const typing = event
      .composedPath()
      .some((node) => node instanceof Element && node.matches('input, textarea, select, [contenteditable]'));
    const slash = event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!slash && !(event.key === 'k' && (event.ctrlKey || event.metaKey))) return;
    event.preventDefault();
    open();
  });
}

export function connect_search(): void {
  document.querySelectorAll<HTMLElement>('[data-x2g-search]').forEach(connect);
}
