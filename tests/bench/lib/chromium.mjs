// The same cases in headless Chromium: a server for this checkout, a bare page, and the case modules imported in it. jax-js comes along
// as the one peer that needs no bundler. Only what measures runs in the page; rows come back as data.
import { createServer } from 'node:http';
import { createReadStream } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch } from '../../browser/harness.mjs';

export const root = fileURLToPath(new URL('../../../', import.meta.url));
const types = { '.mjs': 'text/javascript', '.js': 'text/javascript', '.wasm': 'application/wasm' };
// Only what a case imports, or an engine; never the rest of the checkout.
const open = [
  'tests/bench/lib/',
  'tests/bench/cases/',
  'tests/bench/peers/',
  'web/engine/',
  'build/wasm/tests/bench/',
];

const page = `<!doctype html><meta charset="utf-8"><title>bench</title><link rel="icon" href="data:,">
<script type="importmap">{"imports":{"@jax-js/jax":"/tests/bench/peers/node_modules/@jax-js/jax/dist/index.js"}}</script>`;

/** Serves the checkout's bench files on a free port of this machine. */
async function serve() {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://x').pathname).slice(1);
    if (path === '') return void response.writeHead(200, { 'Content-Type': 'text/html' }).end(page);
    const file = await realpath(join(root, path)).catch(() => '');
    const allowed = open.some((folder) => file.startsWith(join(root, folder).replace(/\/?$/, sep)));
    if (!allowed) return void response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream' });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** Runs in the page. */
async function inPage({ bench, quick, peers, times }) {
  const { engines } = await import('/tests/bench/lib/engines.mjs');
  const from = (folder) => async (name) => (await fetch(folder + name)).arrayBuffer();
  const factory = async (folder, glue) => (await import(`${folder}${glue}.mjs`)).default;
  const absent = [];
  const env = {
    where: 'chromium',
    quick,
    peers,
    times,
    say: (text) => console.log(text),
    start: async (name) => engines(from('/web/engine/'), await factory('/web/engine/', 'x2g'))(name),
    bench: async (name) =>
      engines(from('/build/wasm/tests/bench/'), await factory('/build/wasm/tests/bench/', name))(name),
    peer: (name) => import(`/tests/bench/peers/${name}.mjs`),
    async attempt(of, who, work) {
      // The others are libraries for Node or a bundler.
      if (!['jax', 'plain', 'eigen'].includes(who)) return;
      try {
        await work();
      } catch (error) {
        absent.push({
          bench: of,
          who,
          where: 'chromium',
          reason: String(error?.message ?? error).split('\n')[0],
        });
      }
    },
  };
  const { run } = await import(`/tests/bench/cases/${bench}.mjs`);
  return { rows: await run(env), absent };
}

/** A browser for the benchmarks: {version, run(bench, options), close()}. */
export async function chromium() {
  const server = await serve();
  let browser;
  try {
    browser = await launch();
  } catch (error) {
    server.close();
    throw error;
  }
  const origin = `http://127.0.0.1:${server.address().port}/`;
  return {
    version: browser.version(),
    browser,
    async run(bench, { say, absent, ...options }) {
      const context = await browser.newContext();
      try {
        const tab = await context.newPage();
        tab.on('console', (message) => say(message.text()));
        await tab.goto(origin);
        const found = await tab.evaluate(inPage, { bench, ...options });
        absent.push(...found.absent);
        return found.rows;
      } finally {
        await context.close();
      }
    },
    async close() {
      await browser.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
