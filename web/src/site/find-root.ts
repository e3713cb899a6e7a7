/**
 * For the 404 page, which may stand at any depth of any sub-path: finds the folder that holds the site by asking for
 * its manifest in the folder of the address and in each one above, and points the page's links there.
 */

/** The folders above an address, deepest first: "/a/b/c" -> "/a/b/", "/a/", "/". At most eight. */
export function folders_above(path: string): string[] {
  const names = path.split('/').slice(1, -1);
  const folders = names.map((_, i) => `/${names.slice(0, names.length - i).join('/')}/`);
  return [...folders, '/'].slice(-8);
}

export async function find_root(): Promise<void> {
  for (const folder of folders_above(location.pathname)) {
    const answer = await fetch(`${folder}x2g-site.json`).catch(() => undefined);
    const site = answer?.ok
      ? ((await answer.json().catch(() => undefined)) as { site?: unknown } | undefined)
      : undefined;
    if (site?.site !== 'xor2gpt') continue;
    document.querySelectorAll<HTMLAnchorElement>('a[data-x2g-from-root]').forEach((link) => {
      link.href = folder + (link.dataset.x2gFromRoot ?? '');
    });
    return;
  }
}
