/**
 * Writes sw.js: the worker of src/site/sw.js with the list of all files and the hash of each. The version is the hash
 * of that list, so two builds of the same content are the same version and an update fetches what changed.
 */
import { createHash } from 'node:crypto';

const placeholder = /const manifest = \{ version: 'dev',[^\n]*\};/;
const left_out = /(^|\/)(sw\.js|manifest\.json|\.nojekyll)$|\.(br|gz|map)$|^readme\//;

const hash_of = (data) => createHash('sha256').update(data).digest('hex').slice(0, 12);

/** `files`: Map path -> Buffer of everything in dist. Returns the text of sw.js. */
export function worker_text(source, files) {
  const kept = [...files.keys()].filter((path) => !left_out.test(path)).sort();
  const list = Object.fromEntries(kept.map((path) => [path, hash_of(files.get(path))]));
  const manifest = { version: hash_of(JSON.stringify(list) + source), files: list };
  if (!placeholder.test(source)) throw new Error('sw.js: the line "const manifest = …" was not found');
  return source.replace(placeholder, () => `const manifest = ${JSON.stringify(manifest)};`);
}
