/**
 * The offline worker. Files whose names carry a hash come from the cache first; pages and everything else from the
 * network first, from the cache when there is none. The build replaces the manifest: every file of the site with the
 * hash of its content. An update fetches only what changed, keeps the former version for tabs that still show it,
 * and whatever goes wrong in here ends in a plain fetch. It sees only addresses under its own folder.
 */
const manifest = { version: 'dev', files: /** @type {Record<string, string>} */ ({}) };
const root = new URL('./', self.location.href);
const prefix = `x2g ${root.pathname} `; // two labs on one origin keep apart
const name = prefix + manifest.version;
const network_patience = 4000; // ms before a page comes from the cache although the network may still answer

/** The file behind a path below the root: "en/xor/" -> "en/xor/index.html"; undefined when it is none of ours. */
function file_of(path) {
  const file = path === '' || path.endsWith('/') ? `${path}index.html` : path;
  return file in manifest.files ? file : undefined;
}

const key_of = (file) => new URL(file, root).href;
const hashed = (file) =>
  /[.-][\w-]{8,}\.(js|css|wasm|woff2|svg|png)$/.test(file) && /(^|\/)(_astro|chunks)\//.test(file);

/** Fills this version's cache: unchanged files are copied from the former one, the others fetched. */
async function install() {
  const cache = await caches.open(name);
  const former = await former_cache();
  const former_files = former ? await (await former.match(key_of('x2g-manifest.json')))?.json() : {};
  const wanted = Object.entries(manifest.files);
  const fetch_one = async ([file, hash]) => {
    const key = key_of(file);
    const same = former && former_files?.[file] === hash ? await former.match(key) : undefined;
    const response = same ?? (await fetch(key, { cache: hashed(file) ? 'default' : 'no-cache' }));
    if (!response.ok) throw new Error(`${file}: ${response.status}`);
    await cache.put(key, response);
  };
  for (let i = 0; i < wanted.length; i += 8) await Promise.all(wanted.slice(i, i + 8).map(fetch_one));
  await cache.put(key_of('x2g-manifest.json'), new Response(JSON.stringify(manifest.files)));
  await self.skipWaiting();
}

const versions = async () => (await caches.keys()).filter((key) => key.startsWith(prefix) && key !== name);

async function former_cache() {
  const newest = (await versions()).at(-1);
  return newest ? caches.open(newest) : undefined;
}

/** Caches are listed in the order of their making: the last former one stays for open tabs, older ones go. */
async function activate() {
  await Promise.all((await versions()).slice(0, -1).map((key) => caches.delete(key)));
  await self.clients.claim();
}

const from_cache = async (key) => (await (await caches.open(name)).match(key)) ?? caches.match(key);

async function from_network(request, key) {
  const late = new Promise((resolve) => setTimeout(resolve, network_patience));
  const answer = fetch(request).catch(() => undefined);
  const first = await Promise.race([answer, late]);
  if (first && first.status < 500) return first;
  return (await from_cache(key)) ?? (await answer) ?? Response.error();
}

async function respond(request, file) {
  const key = key_of(file);
  try {
    if (hashed(file)) return (await from_cache(key)) ?? (await fetch(request));
    return await from_network(request, key);
  } catch {
    return fetch(request);
  }
}

/** A page that is no file of ours: the host answers; offline it is a missing slash ("en/xor") or the 404 page. */
async function navigate(request, path) {
  try {
    return await fetch(request);
  } catch {
    if (`${path}/index.html` in manifest.files) return Response.redirect(new URL(`${path}/`, root), 302);
    return (await from_cache(key_of('404.html'))) ?? Response.error();
  }
}

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const inside = url.origin === root.origin && url.pathname.startsWith(root.pathname);
  if (!inside || request.method !== 'GET' || request.headers.has('range')) return;
  const path = decodeURIComponent(url.pathname.slice(root.pathname.length));
  const file = file_of(path);
  if (file) event.respondWith(respond(request, file));
  else if (request.mode === 'navigate') event.respondWith(navigate(request, path));
  else if (hashed(path)) event.respondWith(respond(request, path)); // a tab of the former version may ask for it
});
