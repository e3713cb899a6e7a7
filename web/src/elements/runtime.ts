/**
 * Where this runtime came from: the address that "Embed this" writes into its snippets.
 * The entry script sets it; without that it is worked out from this module's own place (…/embed/v1/chunks/…).
 */
const here = new URL(import.meta.url);

export const runtime = {
  /** Address of the one script tag. */
  script: new URL(here.pathname.includes('/chunks/') ? '../xor2gpt.js' : './xor2gpt.js', here).href,
  /** Address of the iframe page of a demo. */
  page(slug: string): string {
    return new URL(`./${slug}/`, this.script).href;
  },
};
