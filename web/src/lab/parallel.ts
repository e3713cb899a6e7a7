// The page's side of a team: workers that train one GPT together, as one link. The page talks to the leader; the others get from the page
// what makes a run, and all else from the leader, through ports of their own. One that dies ends all: the session then starts another team
// from the last snapshot. Where no second worker starts, one engine takes all shares and gets the same bits.
import { LabError, toLabError } from './errors.ts';
import { openMain, openWorker, type HostMethod, type Link, type LinkOptions } from './link.ts';

/** Calls that all workers answer. */
const everybody = new Set<HostMethod>(['teach', 'create', 'reset']);

async function member(
  start: () => Promise<Worker>,
  index: number,
  ports: (MessagePort | undefined)[],
  o: LinkOptions,
): Promise<Link> {
  const begun = async (): Promise<Worker> => {
    const worker = await start();
    worker.postMessage(
      { team: { index, ports } },
      ports.filter((port) => port !== undefined),
    );
    return worker;
  };
  return openWorker(begun, o);
}

async function together(workers: number, start: () => Promise<Worker>, o: LinkOptions): Promise<Link> {
  const ports: (MessagePort | undefined)[][] = Array.from({ length: workers }, () =>
    new Array<MessagePort | undefined>(workers).fill(undefined),
  );
  for (let a = 0; a < workers; a += 1)
    for (let b = a + 1; b < workers; b += 1) {
      const { port1, port2 } = new MessageChannel();
      (ports[a] as unknown[])[b] = port1;
      (ports[b] as unknown[])[a] = port2;
    }
  const opened = await Promise.allSettled(
    ports.map((own, index) =>
      member(start, index, own, index === 0 ? o : { ...o, onEvent: () => undefined }),
    ),
  );
  const links = opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const close = (reason?: LabError): void => links.forEach((link) => link.close(reason));
  const [leader, ...others] = links;
  if (!leader || links.length < workers) {
    close();
    throw new LabError('not_loaded', 'not all workers started');
  }
  return {
    where: 'worker',
    version: leader.version,
    close,
    call: (async (
      name: HostMethod,
      ...args: Parameters<typeof leader.call> extends [unknown, ...infer A] ? A : never
    ) => {
      const answer = leader.call(name, ...args);
      if (everybody.has(name)) await Promise.all([answer, ...others.map((link) => link.call(name, ...args))]);
      return answer;
    }) as Link['call'],
  };
}

/** start: undefined where no worker may start; then the page does the work, as for any run. */
export async function openTeam(
  workers: number,
  start: (() => Promise<Worker>) | undefined,
  o: LinkOptions,
): Promise<Link> {
  if (!Number.isInteger(workers) || workers > 8)
    throw new LabError('invalid_argument', `workers is ${workers}; it must be a whole number from 1 to 8`);
  const alone = { index: 0, ports: [] };
  if (!start)
    return openMain({ ...o, host: async () => (await import('./parallel-host.ts')).teamHost(alone) });
  try {
    return await together(workers, start, o);
  } catch (thrown) {
    if (toLabError(thrown).code !== 'not_loaded') throw thrown;
    return member(start, 0, [], o);
  }
}
