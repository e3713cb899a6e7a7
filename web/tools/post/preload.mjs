/**
 * A lesson page names its demo's scripts in its head, so that the browser fetches them side by side instead of one
 * after the other. Read from Vite's manifest of the embed build; pages elsewhere do without.
 */

/** The chunk of a demo and everything it imports statically, as paths below embed/v1/. */
export function chunks_of(manifest, folder) {
  const start = Object.keys(manifest).find((key) => key.endsWith(`lessons/${folder}/demo.ts`));
  const seen = new Set();
  const visit = (key) => {
    if (!key || seen.has(key)) return;
    seen.add(key);
    manifest[key].imports?.forEach(visit);
  };
  visit(start);
  return [...seen].filter((key) => !manifest[key].isEntry).map((key) => manifest[key].file);
}

/** Adds <link rel="modulepreload"> for every demo that stands in the page. `demos`: tag -> paths below embed/v1/. */
export function add_preloads(html, demos, base) {
  const paths = new Set();
  for (const [tag, chunks] of demos)
    if (new RegExp(`<${tag}[\\s>]`).test(html)) chunks.forEach((path) => paths.add(path));
  const links = [...paths].map((path) => `<link rel="modulepreload" href="${base}/embed/v1/${path}">`);
  return links.length === 0 ? html : html.replace('</head>', `${links.join('')}</head>`);
}
