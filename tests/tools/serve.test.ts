// The static server: what a page, an embed on another origin and a curious path get from it.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStaticServer } from '../../web/tools/serve.mjs';

let dir = '';
let server: Server;
let below: Server;

async function listen(started: Promise<Server>): Promise<Server> {
  const it_is = await started;
  await new Promise<void>((resolve) => it_is.listen(0, '127.0.0.1', resolve));
  return it_is;
}

// Plain http.request: fetch() would tidy "/../" away before the server could see it.
function get(
  path: string,
  headers: Record<string, string> = {},
  { at = server, method = 'GET' } = {},
): Promise<{ response: IncomingMessage; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const { port } = at.address() as AddressInfo;
    const sent = request({ host: '127.0.0.1', port, path, headers, method }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => resolve({ response, body: Buffer.concat(parts) }));
    });
    sent.on('error', reject);
    sent.end();
  });
}

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'x2g-serve-'));
  const root = join(dir, 'dist');
  mkdirSync(join(root, 'en', 'xor'), { recursive: true });
  mkdirSync(join(root, 'chunks'));
  writeFileSync(join(dir, 'secret.txt'), 'secret');
  writeFileSync(join(root, 'index.html'), '<p>home</p>');
  writeFileSync(join(root, '404.html'), '<p>not here</p>');
  writeFileSync(join(root, 'en', 'xor', 'index.html'), '<p>xor</p>');
  writeFileSync(join(root, 'x2g.wasm'), 'wasm');
  writeFileSync(join(root, 'x2g.wasm.br'), brotliCompressSync('wasm'));
  writeFileSync(join(root, 'x2g.wasm.gz'), gzipSync('wasm'));
  writeFileSync(join(root, 'chunks', 'xor-D4f_x9Za.js'), 'export {};');
  writeFileSync(join(root, 'chunks', 'xor-gradients.js'), 'export {};');
  symlinkSync(join(dir, 'secret.txt'), join(root, 'link.txt'));
  server = await listen(createStaticServer(root));
  below = await listen(createStaticServer(root, { base: '/a/b/', headers: { 'X-Test': 'yes' } }));
});
afterAll(() => {
  server.close();
  below.close();
  rmSync(dir, { recursive: true, force: true });
});

describe('the static server', () => {
  it('answers a folder with its index.html and adds a missing slash', async () => {
    const page = await get('/en/xor/');
    expect(page.body.toString()).toBe('<p>xor</p>');
    expect(page.response.headers['content-type']).toBe('text/html; charset=utf-8');
    const moved = await get('/en/xor?seed=7');
    expect(moved.response.statusCode).toBe(301);
    expect(moved.response.headers.location).toBe('/en/xor/?seed=7');
  });

  it('never redirects to another site', async () => {
    const { response } = await get('//en/xor');
    expect(response.headers.location ?? '/').toMatch(/^\/(?!\/)/);
  });

  it('serves WebAssembly with its MIME type to any origin', async () => {
    const { response } = await get('/x2g.wasm');
    expect(response.headers['content-type']).toBe('application/wasm');
    expect(response.headers['access-control-allow-origin']).toBe('*');
    expect(response.headers['cross-origin-resource-policy']).toBe('cross-origin');
  });

  it.each([
    ['br, gzip', 'br'],
    ['gzip, deflate', 'gzip'],
    ['br;q=0, gzip;q=0.5', 'gzip'],
    ['identity', undefined],
  ])('picks the ready-made encoding for Accept-Encoding: %s', async (accepted, encoding) => {
    const { response, body } = await get('/x2g.wasm', { 'Accept-Encoding': accepted });
    expect(response.headers['content-encoding']).toBe(encoding);
    expect(response.headers['content-type']).toBe('application/wasm');
    expect(Number(response.headers['content-length'])).toBe(body.length);
  });

  it('lets only files with a hash in their name be kept forever', async () => {
    expect((await get('/chunks/xor-D4f_x9Za.js')).response.headers['cache-control']).toContain('immutable');
    expect((await get('/chunks/xor-gradients.js')).response.headers['cache-control']).toBe('no-cache');
    expect((await get('/')).response.headers['cache-control']).toBe('no-cache');
  });

  it('answers 304 to the ETag that it gave', async () => {
    const { response } = await get('/');
    const again = await get('/', { 'If-None-Match': response.headers.etag ?? '' });
    expect(again.response.statusCode).toBe(304);
    expect(again.body.length).toBe(0);
  });

  it('shows 404.html with status 404', async () => {
    const { response, body } = await get('/en/nothing/');
    expect(response.statusCode).toBe(404);
    expect(body.toString()).toBe('<p>not here</p>');
  });

  it.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/en/../../secret.txt',
    '/link.txt',
    '/%5c..%5csecret.txt',
  ])('gives nothing outside its folder away: %s', async (path) => {
    const { response, body } = await get(path);
    expect(response.statusCode).toBeGreaterThanOrEqual(400);
    expect(body.toString()).not.toContain('secret');
  });

  it('refuses broken addresses and other methods', async () => {
    expect((await get('/%zz')).response.statusCode).toBe(400);
    expect((await get('/%00')).response.statusCode).toBe(400);
    expect((await get('/', {}, { method: 'POST' })).response.statusCode).toBe(405);
  });

  it('serves below a base path only, with the headers asked for', async () => {
    const page = await get('/a/b/en/xor/', {}, { at: below });
    expect(page.body.toString()).toBe('<p>xor</p>');
    expect(page.response.headers['x-test']).toBe('yes');
    expect((await get('/en/xor/', {}, { at: below })).response.statusCode).toBe(404);
  });
});
