/** Keeps formulas and the signs beside them together; see markdown.mjs. */
export function rehype_formula_signs(): (tree: object) => void;
/** Astro's Markdown, as the lessons are written. */
export const processor: unknown;
