/**
 * The placeholder under which the site is built. Astro writes it before every address of ours; the pass
 * tools/post/relative.mjs then makes each of them relative to the file it stands in, so that dist/ works from any
 * sub-path. It never reaches a reader.
 */
export const base = '/x2g-base';
