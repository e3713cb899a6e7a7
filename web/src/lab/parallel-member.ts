// What a worker of a team does first: it takes its place and its ports from the page's first message, then answers as worker.ts does.
import type { Team } from './parallel-exchange.ts';
import { teamHost } from './parallel-host.ts';
import type { Port } from './wire.ts';
import { serveHost } from './worker-api.ts';

export function join(scope: Port): void {
  let joined = false;
  scope.addEventListener('message', ({ data }: MessageEvent<{ team: Team }>) => {
    if (joined) return; // questions from here on
    joined = true;
    serveHost(scope, teamHost(data.team));
  });
}
