/**
 * The address parameters of /embed/v1/SLUG/: checked here, once, before any of them becomes an attribute.
 * The demo's own options travel in `state`, which the element itself validates.
 */
export interface Params {
  lang: 'en' | 'ja';
  theme: 'light' | 'dark' | 'auto';
  /** Attributes for the demo element. */
  attributes: Record<string, string>;
  /** Named in every height message, so that a page with several frames can tell them apart. */
  id: string;
  /** One sentence per parameter that was refused; its default holds. */
  refused: string[];
}

const state_limit = 65_536; // characters; a longer link is no link of ours

interface Rule {
  pattern: RegExp;
  allowed: string;
}

const rules: Record<string, Rule> = {
  lang: { pattern: /^(en|ja)$/, allowed: 'en or ja' },
  theme: { pattern: /^(light|dark|auto)$/, allowed: 'light, dark or auto' },
  seed: { pattern: /^\d{1,10}$/, allowed: 'a whole number from 0 to 4294967295' },
  hide: { pattern: /^[a-z]+([ ,][a-z]+){0,15}$/, allowed: 'names of parts, separated by spaces' },
  state: { pattern: /^[\w.~=-]+$/, allowed: `a share link's state, up to ${state_limit} characters` },
  id: { pattern: /^[\w.-]{1,64}$/, allowed: 'up to 64 letters, digits, ".", "-" or "_"' },
};

function accepts(name: string, value: string): boolean {
  if (name === 'state' && value.length > state_limit) return false;
  if (name === 'seed' && Number(value) > 0xffff_ffff) return false;
  return rules[name]!.pattern.test(value);
}

/** Reads `?lang=…&theme=…&seed=…&hide=…&state=…&id=…` and a state after `#` (with or without "slug="). */
export function read_params(search: string, hash: string, slug: string): Params {
  const query = new URLSearchParams(search);
  const shared = hash.replace(/^#/, '');
  if (shared && !query.has('state'))
    query.set('state', shared.startsWith(`${slug}=`) ? shared.slice(slug.length + 1) : shared);

  const refused: string[] = [];
  const good: Record<string, string> = {};
  for (const [name, rule] of Object.entries(rules)) {
    const value = query.get(name);
    if (value === null) continue;
    if (accepts(name, value)) good[name] = value;
    else refused.push(`${name}: "${value.slice(0, 40)}" was refused; give ${rule.allowed}.`);
  }
  const { lang = 'en', theme = 'auto', id = '', ...attributes } = good;
  return { lang: lang as Params['lang'], theme: theme as Params['theme'], attributes, id, refused };
}
