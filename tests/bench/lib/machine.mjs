// The head of the document: on what the figures were taken, by which engines, of which commit.
import { execFileSync } from 'node:child_process';
import { cpus, loadavg } from 'node:os';

const said = (program, ...args) => {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
};

/** How many programs wanted a core before anything was measured, on average over a minute: near 0 on an idle machine. */
export const load = () => Number(loadavg()[0].toFixed(1));

export function head(root, browser = '', busy = load()) {
  const list = cpus();
  const changed = said('git', '-C', root, 'status', '--porcelain', '--untracked-files=no') !== '';
  return {
    machine: `${list[0]?.model.trim() ?? 'unknown'}, ${process.arch}`,
    cores: list.length,
    load: busy,
    engines: {
      node: process.version,
      v8: process.versions.v8,
      ...(browser ? { chromium: browser } : {}),
    },
    date: new Date().toISOString().slice(0, 10),
    commit: `${said('git', '-C', root, 'rev-parse', '--short=12', 'HEAD') || 'unknown'}${changed ? ' with changes' : ''}`,
  };
}
