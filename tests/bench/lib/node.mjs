// What a case needs, under Node: engines from web/engine/, the bench module from build/wasm/, peers from tests/bench/peers/.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { engines } from './engines.mjs';

const root = new URL('../../../', import.meta.url);

/** How long each sample is and how often it is taken. */
export const times = (quick) => (quick ? { rounds: 1, ms: 2 } : { rounds: 5, ms: 120 });

/**
 * @param o {quick, peers: are there any, say(text), absent: list that grows by what could not take part and why}
 */
export function nodeEnv({ quick = false, peers = true, say = () => undefined, absent = [] } = {}) {
  const modules = new Map();
  const made = (key, make) => {
    if (!modules.has(key)) modules.set(key, make());
    return modules.get(key);
  };
  const factory = async (folder, glue) => (await import(new URL(`${folder}${glue}.mjs`, root))).default;
  const from = (folder) => (name) => readFile(new URL(`${folder}${name}`, root));
  return {
    where: 'node',
    quick,
    peers,
    times: times(quick),
    say,
    start: (name) =>
      made(name, async () => engines(from('web/engine/'), await factory('web/engine/', 'x2g'))(name)),
    bench: (name) =>
      made(name, async () =>
        engines(from('build/wasm/tests/bench/'), await factory('build/wasm/tests/bench/', name))(name),
      ),
    peer: (name) => import(`../peers/${name}.mjs`),
    async attempt(bench, who, work, where = 'node') {
      try {
        await work();
      } catch (error) {
        const reason = String(error?.message ?? error)
          .split('\n')[0]
          .replaceAll(fileURLToPath(root), '');
        absent.push({ bench, who, where, reason });
        say(`  ${who} takes no part in ${bench}: ${reason}`);
      }
    },
  };
}
