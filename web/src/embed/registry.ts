/**
 * Finds demo tags in a document and defines their elements on first sight. Knows no demo itself: main.ts hands it
 * the table tag -> import. A failed import is told to the elements by an x2g-error event and tried again when the
 * browser comes back online or another such tag appears.
 */
type Demo = CustomElementConstructor & { prepare?(): void };
export type Load = () => Promise<{ default: Demo }>;

/** "../../../lessons/21-tiny-gpt/demo.ts" -> "x2g-tiny-gpt". */
export function tag_of(path: string): string {
  const folder = path.split('/').at(-2) ?? '';
  return `x2g-${folder.replace(/^\d+-/, '')}`;
}

export function define_when_seen(demos: ReadonlyMap<string, Load>, doc: Document): void {
  const under_way = new Set<string>();

  const define = async (tag: string, load: Load): Promise<void> => {
    if (under_way.has(tag) || customElements.get(tag)) return;
    under_way.add(tag);
    try {
      const { default: element } = await load();
      element.prepare?.();
      if (!customElements.get(tag)) customElements.define(tag, element);
    } catch (error) {
      const detail = { code: 'not_loaded', message: `The demo ${tag} could not be loaded: ${String(error)}` };
      doc
        .querySelectorAll(tag)
        .forEach((node) =>
          node.dispatchEvent(new CustomEvent('x2g-error', { detail, bubbles: true, composed: true })),
        );
    } finally {
      under_way.delete(tag);
    }
  };

  const scan = (root: ParentNode): void => {
    for (const [tag, load] of demos) if (root.querySelector(tag)) void define(tag, load);
  };

  const added = (node: Node): void => {
    if (!(node instanceof Element)) return;
    const load = demos.get(node.localName);
    if (load) void define(node.localName, load);
    scan(node);
  };

  scan(doc);
  new MutationObserver((records) => records.forEach((record) => record.addedNodes.forEach(added))).observe(
    doc,
    {
      childList: true,
      subtree: true,
    },
  );
  addEventListener('online', () => scan(doc));
}
