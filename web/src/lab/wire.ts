// Questions and answers across a message port, an id each: the page asks a method by name, the worker's side answers with its result or
// its error. Only data crosses (no callbacks, no proxies); what the answer holds in buffers is handed over. Questions are taken up in the
// order in which they were asked, and answers share the port with whatever else its owner posts: nothing overtakes.
import { buffersOf } from './buffers.ts';
import { toWire, type WireError } from './errors.ts';

export interface Port {
  postMessage(message: unknown, transfers?: Transferable[]): void;
  addEventListener(type: 'message', f: (event: MessageEvent) => void): void;
}

interface Question {
  id: number;
  name: string;
  args: unknown[];
}

interface Answer {
  id: number;
  value?: unknown;
  error?: WireError;
}

type Method = (...args: never[]) => unknown;
export type Ask<Api> = <K extends keyof Api>(
  name: K,
  ...args: Api[K] extends Method ? Parameters<Api[K]> : never
) => Promise<Api[K] extends Method ? Awaited<ReturnType<Api[K]>> : never>;

/** The worker's side: every question is answered, also one of a result that cannot be sent. */
export function serve(port: Port, api: object): void {
  port.addEventListener('message', ({ data }: MessageEvent<Question>) => {
    const { id, name, args } = data;
    const answer = async (): Promise<void> => {
      const value = await (api as Record<string, (...args: unknown[]) => unknown>)[name]?.(...args);
      port.postMessage({ id, value } satisfies Answer, buffersOf(value));
    };
    answer().catch((thrown: unknown) => port.postMessage({ id, error: toWire(thrown) } satisfies Answer));
  });
}

/** The page's side. A question that is never answered waits for ever: its asker watches the clock. */
export function asker<Api>(port: Port): Ask<Api> {
  const waiting = new Map<number, (answer: Answer) => void>();
  let last = 0;
  port.addEventListener('message', ({ data }: MessageEvent<Answer | undefined>) => {
    const take = data && waiting.get(data.id);
    if (!take) return;
    waiting.delete(data.id);
    take(data);
  });
  const ask = (name: string, ...args: unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = ++last;
      port.postMessage({ id, name, args } satisfies Question); // throws what cannot be sent: the promise rejects
      waiting.set(id, ({ value, error }) => (error ? reject(error) : resolve(value)));
    });
  return ask as Ask<Api>;
}
