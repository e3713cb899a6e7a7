// A worker that is a message channel in this process: what it runs is the real thing, usually what serves the whole engine, and it can be
// made to hang or to die.
import { GraphHost } from '../../web/src/lab/graph-host.ts';
import { serve, type Port } from '../../web/src/lab/wire.ts';
import { makeWorkerApi, type HostKind } from '../../web/src/lab/worker-api.ts';

export class FakeWorker {
  readonly channel = new MessageChannel();
  onerror: ((event: unknown) => void) | null = null;
  onmessageerror: (() => void) | null = null;
  terminated = false;
  hung = false;
  private readonly api: ReturnType<typeof makeWorkerApi>;

  constructor(Kind: HostKind = GraphHost) {
    this.api = makeWorkerApi((message, transfers) => {
      if (!this.hung) this.channel.port2.postMessage(message, transfers);
    }, Kind);
    const never = new Promise<never>(() => undefined);
    const { api } = this;
    const call: typeof api.call = (name, args) => (this.hung ? never : api.call(name, args));
    serve(this.channel.port2 as Port, { ...api, call });
    this.channel.port2.start();
    this.channel.port1.start();
  }
  postMessage(message: unknown, transfer: Transferable[] = []): void {
    this.channel.port1.postMessage(message, transfer);
  }
  addEventListener(type: 'message', f: (event: MessageEvent) => void): void {
    this.channel.port1.addEventListener(type, f);
  }
  removeEventListener(type: 'message', f: (event: MessageEvent) => void): void {
    this.channel.port1.removeEventListener(type, f);
  }
  terminate(): void {
    this.terminated = true;
    this.hung = true;
    void this.api.call('close', []);
    this.channel.port1.close();
    this.channel.port2.close();
  }
}
