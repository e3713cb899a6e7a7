// Calls across a real message channel (web/src/lab/wire.ts): results, errors, order beside other posts, what cannot be sent.
import { afterEach, describe, expect, it } from 'vitest';
import { LabError, toLabError } from '../../web/src/lab/errors.ts';
import { asker, serve, type Ask, type Port } from '../../web/src/lab/wire.ts';

const channels: MessageChannel[] = [];
afterEach(() => {
  for (const { port1, port2 } of channels.splice(0)) [port1, port2].forEach((port) => port.close());
});

function line<Api extends object>(make: (post: (message: unknown) => void) => Api) {
  const channel = new MessageChannel();
  channels.push(channel);
  const api = make((message) => channel.port2.postMessage(message));
  serve(channel.port2 as Port, api);
  const heard: unknown[] = [];
  channel.port1.addEventListener('message', ({ data }: MessageEvent<{ said?: unknown }>) => {
    if (data.said !== undefined) heard.push(data.said);
  });
  const ask: Ask<Api> = asker<Api>(channel.port1 as Port);
  channel.port1.start();
  channel.port2.start();
  return { ask, heard };
}
const refusal = (work: Promise<unknown>): Promise<LabError> =>
  work.then(() => expect.unreachable('it was answered'), toLabError);

describe('questions and answers across a port', () => {
  it('find each other, whichever is answered first', async () => {
    const { ask } = line(() => ({
      slow: (n: number) => new Promise<number>((resolve) => setTimeout(() => resolve(n * 2), 20)),
      quick: (a: string, b: string) => a + b,
      nothing: () => undefined,
    }));
    const order: string[] = [];
    const noted = async <T>(name: string, work: Promise<T>): Promise<T> => {
      const value = await work;
      order.push(name);
      return value;
    };
    const all = [noted('slow', ask('slow', 21)), noted('quick', ask('quick', 'a', 'b')), ask('nothing')];
    expect(await Promise.all(all)).toEqual([42, 'ab', undefined]);
    expect(order).toEqual(['quick', 'slow']);
  });

  it('are taken up in their order, and nothing that is posted overtakes an answer', async () => {
    const taken: number[] = [];
    const { ask, heard } = line((post) => ({
      step(n: number): number {
        taken.push(n);
        post({ said: n });
        return n;
      },
    }));
    for (let n = 0; n < 50; n += 5) {
      const five = await Promise.all([0, 1, 2, 3, 4].map((i) => ask('step', n + i)));
      expect(five).toEqual([n, n + 1, n + 2, n + 3, n + 4]);
      expect(heard.slice(n)).toEqual(five);
    }
    expect(taken).toEqual([...Array(50).keys()]);
  });

  it('carry errors with code and sentence, thrown at once or later', async () => {
    const { ask } = line(() => ({
      now() {
        throw new LabError('shape_mismatch', 'two and three');
      },
      later: () => Promise.reject(new TypeError('no number')),
    }));
    expect(await refusal(ask('now'))).toMatchObject({ code: 'shape_mismatch', message: 'two and three' });
    expect(await refusal(ask('later'))).toMatchObject({ code: 'invalid_argument' });
  });

  it('say when something cannot be sent, either way, and go on', async () => {
    const { ask } = line(() => ({ give: (): unknown => () => 1, take: (f: unknown) => f, two: () => 2 }));
    expect(await refusal(ask('give'))).toBeInstanceOf(LabError);
    expect(await refusal(ask('take', () => 1))).toBeInstanceOf(LabError);
    expect(await ask('two')).toBe(2);
  });

  it('hand buffers of answers over and leave those of questions', async () => {
    const own = Float32Array.of(1, 2, 3);
    const { ask } = line(() => ({ give: () => ({ rows: [{ own }] }), sum: (x: Float32Array) => x.length }));
    expect(await ask('give')).toEqual({ rows: [{ own: Float32Array.of(1, 2, 3) }] });
    expect(own.length).toBe(0);
    const mine = new Float32Array(4);
    expect(await ask('sum', mine)).toBe(4);
    expect(mine.length).toBe(4);
  });
});
