// The offline worker, run against a small stand-in of the browser's caches and network.
import { readFileSync } from 'node:fs';
import vm from 'node:vm';
import { describe, expect, it } from 'vitest';
import { worker_text } from '../../web/tools/post/offline.mjs';

const source = readFileSync(new URL('../../web/src/site/sw.js', import.meta.url), 'utf8');
const site = 'https://host.example/lab/';

type Files = Record<string, string>;
interface Event {
  type: string;
  request?: { url: string; method: string; mode: string; headers: Headers };
}

/** A browser with one origin: caches that outlive workers, and a network that holds `files` or is off. */
class Browser {
  stores = new Map<string, Map<string, Response>>();
  files: Files = {};
  online = true;
  fetched: string[] = [];
  handlers = new Map<string, (event: object) => void>();

  fetch = async (input: string | { url: string }): Promise<Response> => {
    const url = typeof input === 'string' ? input : input.url;
    if (!this.online) throw new TypeError('offline');
    this.fetched.push(url.replace(site, ''));
    const path = url.slice(site.length).replace(/(^|\/)$/, '$1index.html');
    return path in this.files ? new Response(this.files[path]) : new Response('missing', { status: 404 });
  };

  caches = {
    open: async (name: string) => {
      if (!this.stores.has(name)) this.stores.set(name, new Map());
      const store = this.stores.get(name)!;
      return {
        put: async (key: string, response: Response) => void store.set(key, response),
        match: async (key: string) => store.get(key)?.clone(),
      };
    },
    keys: async () => [...this.stores.keys()],
    delete: async (name: string) => this.stores.delete(name),
    match: async (key: string) =>
      [...this.stores.values()]
        .find((store) => store.has(key))
        ?.get(key)
        ?.clone(),
  };

  /** Publishes `files` and runs the worker that the build makes for them. */
  async publish(files: Files): Promise<void> {
    this.files = files;
    const text = worker_text(
      source,
      new Map(Object.entries(files).map(([path, data]) => [path, Buffer.from(data)])),
    );
    this.handlers.clear();
    const self = {
      location: { href: `${site}sw.js` },
      addEventListener: (type: string, handler: (event: object) => void) => this.handlers.set(type, handler),
      skipWaiting: async () => undefined,
      clients: { claim: async () => undefined },
    };
    vm.runInNewContext(text, {
      self,
      caches: this.caches,
      fetch: this.fetch,
      URL,
      Response,
      setTimeout,
      decodeURIComponent,
    });
    await this.send({ type: 'install' });
    await this.send({ type: 'activate' });
  }

  async send(event: Event): Promise<Response | undefined> {
    let result: Promise<unknown> | undefined;
    const hold = (promise: Promise<unknown>): void => void (result = promise);
    this.handlers.get(event.type)!({ ...event, waitUntil: hold, respondWith: hold });
    return (await result) as Response | undefined;
  }

  get(path: string, mode = 'navigate', method = 'GET'): Promise<Response | undefined> {
    const url = path.startsWith('https:') ? path : site + path;
    return this.send({ type: 'fetch', request: { url, method, mode, headers: new Headers() } });
  }
}

const chunk = 'embed/v1/chunks/xor-AbCd1234.js';
const first: Files = {
  'en/xor/index.html': 'old page',
  [chunk]: 'code',
  'embed/v1/xor2gpt.js': 'old',
  '404.html': 'no',
};

async function visited(): Promise<Browser> {
  const browser = new Browser();
  await browser.publish(first);
  browser.fetched = [];
  return browser;
}
const text = async (response: Promise<Response | undefined>): Promise<string | undefined> =>
  (await response)?.text();

describe('the offline worker', () => {
  it('serves every page and file after one visit without a network', async () => {
    const browser = await visited();
    browser.online = false;
    expect(await text(browser.get('en/xor/'))).toBe('old page');
    expect(await text(browser.get(chunk, 'cors'))).toBe('code');
    expect(await text(browser.get('embed/v1/xor2gpt.js', 'cors'))).toBe('old');
    expect(await text(browser.get('en/nope/'))).toBe('no');
  });

  it('asks the network first for pages and for names without a hash', async () => {
    const browser = await visited();
    browser.files = { ...first, 'en/xor/index.html': 'new page' };
    expect(await text(browser.get('en/xor/'))).toBe('new page');
  });

  it('does not ask again for names with a hash', async () => {
    const browser = await visited();
    expect(await text(browser.get(chunk, 'cors'))).toBe('code');
    expect(browser.fetched).toEqual([]);
  });

  it('answers from the cache when the server fails', async () => {
    const browser = await visited();
    browser.fetch = async () => new Response('broken', { status: 503 });
    await browser.publish(first).catch(() => undefined);
    expect(await text(browser.get('en/xor/'))).toBe('old page');
  });

  it('redirects a page address without its slash when offline', async () => {
    const browser = await visited();
    browser.online = false;
    const response = await browser.get('en/xor');
    expect(response?.status).toBe(302);
    expect(response?.headers.get('location')).toBe(`${site}en/xor/`);
  });

  it('updates by fetching only what changed, and keeps the former version for open tabs', async () => {
    const browser = await visited();
    const newer = 'embed/v1/chunks/xor-EfGh5678.js';
    const next: Files = { ...first, [newer]: 'new code', 'en/xor/index.html': 'new page' };
    delete next[chunk];
    await browser.publish(next);
    expect(browser.fetched.sort()).toEqual([newer, 'en/xor/index.html'].sort());
    browser.online = false;
    expect(await text(browser.get('en/xor/'))).toBe('new page');
    expect(await text(browser.get(chunk, 'cors'))).toBe('code');
    await browser.publish(first).catch(() => undefined);
    expect(browser.stores.size).toBeLessThanOrEqual(3);
  });

  it('leaves other origins, other folders and other methods alone', async () => {
    const browser = await visited();
    expect(await browser.get('https://other.example/lab/en/xor/')).toBeUndefined();
    expect(await browser.get('https://host.example/blog/')).toBeUndefined();
    expect(await browser.get('en/xor/', 'navigate', 'POST')).toBeUndefined();
  });

  it('is the same version for the same content and another for a changed file', () => {
    const files = (page: string): Map<string, Buffer> => new Map([['index.html', Buffer.from(page)]]);
    const version = (page: string): string | undefined =>
      /"version":"(\w+)"/.exec(worker_text(source, files(page)))?.[1];
    expect(version('a')).toBe(version('a'));
    expect(version('a')).not.toBe(version('b'));
  });
});
