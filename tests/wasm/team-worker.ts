// A worker of a team that is a message channel in this process, as fake-worker.ts is one of a session. It can die, or fall silent: what it
// says to the other workers goes through relays that can be cut.
import { buffersOf } from '../../web/src/lab/buffers.ts';
import { join } from '../../web/src/lab/parallel-member.ts';
import type { Port } from '../../web/src/lab/wire.ts';

export class TeamWorker {
  readonly channel = new MessageChannel();
  onerror: ((event: unknown) => void) | null = null;
  onmessageerror: (() => void) | null = null;
  terminated = false;
  private ports: MessagePort[] = [];

  constructor() {
    join(this.channel.port2 as Port);
    this.channel.port1.start();
    this.channel.port2.start();
  }
  postMessage(message: unknown, transfer: Transferable[] = []): void {
    const { team } = message as { team?: { index: number; ports: (MessagePort | undefined)[] } };
    if (!team) return this.channel.port1.postMessage(message, transfer);
    const ports = team.ports.map((port) => port && this.relayed(port));
    this.channel.port1.postMessage(
      { team: { ...team, ports } },
      ports.filter((port) => port !== undefined),
    );
  }
  private relayed(port: MessagePort): MessagePort {
    const { port1, port2 } = new MessageChannel();
    port.onmessage = ({ data }) => port1.postMessage(data, buffersOf(data));
    port1.onmessage = ({ data }) => port.postMessage(data, buffersOf(data));
    this.ports.push(port, port1);
    return port2;
  }
  addEventListener(type: 'message', f: (event: MessageEvent) => void): void {
    this.channel.port1.addEventListener(type, f);
  }
  removeEventListener(type: 'message', f: (event: MessageEvent) => void): void {
    this.channel.port1.removeEventListener(type, f);
  }
  /** A browser reports it. */
  die(): void {
    this.onerror?.({ message: 'boom', preventDefault: () => undefined });
  }
  /** Nothing comes from it any more, and nobody reports it. */
  hang(): void {
    for (const port of this.ports) port.onmessage = () => undefined;
  }
  terminate(): void {
    this.terminated = true;
    this.channel.port1.close();
    this.channel.port2.close();
    for (const port of this.ports) port.close();
  }
}
