// What a worker of a team does first: it takes its place and its ports from the page's first message, then answers as worker.ts does.
import type { Team } from './parallel-exchange.ts';
import { teamHost } from './parallel-host.ts';
import { serve, type Port } from './wire.ts';
import { makeWorkerApi } from './worker-api.ts';

export function join(scope: Port): void {
  let joined = false;
  scope.addEventListener('message', ({ data }: MessageEvent<{ team: Team }>) => {
    if (joined) return; // questions from here on
    joined = true;
    const post: Parameters<typeof makeWorkerApi>[0] = (message, transfers) =>
      scope.postMessage(message, transfers);
    serve(scope, makeWorkerApi(post, teamHost(data.team)));
  });
}
