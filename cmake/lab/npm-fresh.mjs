// Exits with 0 when node_modules holds exactly what package-lock.json asks for (optional packages of other systems aside).
// npm keeps what it installed in node_modules/.package-lock.json; comparing the two takes milliseconds, `npm ci` half a minute.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = process.argv[2];
const read = (file) => JSON.parse(readFileSync(join(root, file), 'utf8')).packages ?? {};
const wanted = read('package-lock.json');
const present = read('node_modules/.package-lock.json');

for (const [path, entry] of Object.entries(wanted)) {
  if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) continue;
  if (entry.link) continue;
  const have = present[path];
  if (have === undefined ? !(entry.optional || entry.peer) : have.version !== entry.version) process.exit(1);
  if (have !== undefined && !existsSync(join(root, path))) process.exit(1);
}
