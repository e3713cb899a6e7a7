// A static file server for dist/, on 127.0.0.1 only: right MIME types, CORS, precompressed files, ETags, 404.html.
// Command line: node web/tools/serve.mjs DIR [--port N] [--base /sub/path/]. Tests import createStaticServer().
// It is for trying the site out, not for the open internet (no TLS, no access log, no rate limit).
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.xml': 'application/xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

// A file whose name carries a hash of its content (name.D4f_x9Za.js, name-D4f_x9Za.js) never changes.
const HASHED = /[.-](?=[^./]*[A-Z0-9_])[A-Za-z0-9_-]{8,}\.(js|mjs|css|wasm|woff2|svg|png|webp|jpg)$/;

// The file for a decoded path below root, or null when there is none or it lies outside (also by a symbolic link).
async function locate(root, path) {
  const wanted = resolve(join(root, path));
  if (wanted !== root && !wanted.startsWith(root + sep)) return null;
  try {
    const real = await realpath(wanted);
    if (real !== root && !real.startsWith(root + sep)) return null;
    return { file: real, info: await stat(real) };
  } catch {
    return null;
  }
}

// The smallest encoding that the client takes and that stands beside the file ready-made.
async function encoded(root, file, accepted) {
  for (const [name, suffix] of [
    ['br', '.br'],
    ['gzip', '.gz'],
  ]) {
    if (!new RegExp(`(^|[ ,])${name}($|[ ,;](?!q=0(\\.0*)?($|[ ,])))`).test(accepted)) continue;
    const found = await locate(root, file.slice(root.length) + suffix);
    if (found?.info.isFile()) return { ...found, name };
  }
  return null;
}

function refuse(response, status, text, headers) {
  response.writeHead(status, { ...headers, 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${status} ${text}\n`);
}

async function send(request, response, root, found, status, headers) {
  const { file, info } = found;
  const packed = await encoded(root, file, request.headers['accept-encoding'] ?? '');
  const body = packed ?? found;
  const etag = `"${info.size.toString(36)}-${Math.round(info.mtimeMs).toString(36)}${packed ? `-${packed.name}` : ''}"`;
  const head = {
    ...headers,
    'Content-Type': TYPES[extname(file).toLowerCase()] ?? 'application/octet-stream',
    'Cache-Control': HASHED.test(file) ? 'public, max-age=31536000, immutable' : 'no-cache',
    ETag: etag,
    Vary: 'Accept-Encoding',
  };
  if (packed) head['Content-Encoding'] = packed.name;
  if (status === 200 && request.headers['if-none-match'] === etag) {
    response.writeHead(304, head);
    response.end();
    return;
  }
  head['Content-Length'] = body.info.size;
  response.writeHead(status, head);
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  createReadStream(body.file)
    .on('error', () => response.destroy())
    .pipe(response);
}

/** A server (not yet listening) for the files of `dir` under `base`; `headers` go with every answer. */
export async function createStaticServer(dir, { base = '/', headers = {} } = {}) {
  const root = await realpath(dir);
  const common = {
    'Access-Control-Allow-Origin': '*',
    'Cross-Origin-Resource-Policy': 'cross-origin',
    'X-Content-Type-Options': 'nosniff',
    ...headers,
  };
  const answer = async (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return refuse(response, 405, 'only GET and HEAD', { ...common, Allow: 'GET, HEAD' });
    }
    const [rawPath, query] = request.url.split('?', 2);
    let path;
    try {
      path = decodeURIComponent(rawPath);
    } catch {
      return refuse(response, 400, 'the address is not valid percent-encoding', common);
    }
    if (path.includes('\0') || path.includes('\\')) return refuse(response, 400, 'bad address', common);
    let found = path.startsWith(base) ? await locate(root, path.slice(base.length)) : null;
    if (found?.info.isDirectory()) {
      if (!path.endsWith('/')) {
        // One slash only: "//host" would lead to another site.
        const target = rawPath.replace(/^\/+/, '/') + '/' + (query === undefined ? '' : `?${query}`);
        response.writeHead(301, { ...common, Location: target });
        return response.end();
      }
      found = await locate(root, join(path.slice(base.length), 'index.html'));
    } else if (path.endsWith('/')) {
      found = null;
    }
    if (found?.info.isFile()) return send(request, response, root, found, 200, common);
    const missing = await locate(root, '404.html');
    if (missing?.info.isFile()) return send(request, response, root, missing, 404, common);
    return refuse(response, 404, 'not found', common);
  };
  return createServer((request, response) => {
    answer(request, response).catch(() => {
      if (response.headersSent) response.destroy();
      else refuse(response, 500, 'the server failed on this address', common);
    });
  });
}

async function main(args) {
  const options = { port: 8080, base: '/' };
  let dir = null;
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '--port') options.port = Number(args[++i]);
    else if (args[i] === '--base') options.base = `/${args[++i] ?? ''}/`.replace(/\/+/g, '/');
    else dir = args[i];
  }
  if (dir === null || !Number.isInteger(options.port) || options.port < 0 || options.port > 65535) {
    console.error('usage: node serve.mjs DIR [--port 0…65535] [--base /sub/path/]');
    process.exit(2);
  }
  const server = await createStaticServer(dir, options);
  server.on('error', (error) => {
    const next = options.port < 65535 ? options.port + 1 : 8080;
    const text = {
      EADDRINUSE: `port ${options.port} is taken by another program; stop it or choose another: ./lab serve --port ${next}`,
      EACCES: `port ${options.port} needs special rights; choose one above 1023: ./lab serve --port 8080`,
    }[error.code];
    console.error(`error: ${text ?? error.message}`);
    process.exit(1);
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
  server.listen(options.port, '127.0.0.1', () => {
    console.log(`\nServing at http://127.0.0.1:${server.address().port}${options.base}   (Ctrl-C stops it)`);
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(await realpath(process.argv[1])).href) {
  await main(process.argv.slice(2));
}
