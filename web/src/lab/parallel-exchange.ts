// How data-parallel workers add their gradients up without shared memory: each owns a stretch of the flat gradient. Everybody sends everybody
// the stretch that the other owns; the owner takes the mean over all workers and sends it back to all (reduce-scatter, then all-gather: no
// worker sends more than two gradients a step, whatever their number). Buffers travel by transfer and are used again. Because a mean has one
// owner, all workers go on with the same bits. It moves numbers; who computes them and when is parallel-run.ts's business.
import type { OptimizerFields } from './engine.ts';

/** One worker's place: workers are numbered from 0, the leader, which the page talks to. */
export interface Team {
  index: number;
  /** To every other worker, by number; its own place is empty. No ports: it works alone. */
  ports: (MessagePort | undefined)[];
}

/** The state that a helper goes on from. */
export interface Sync {
  kind: 'sync';
  id: number;
  seed: number;
  snapshot: Uint8Array;
  optimizer: OptimizerFields;
}
interface Stretch {
  kind: 'part' | 'mean';
  id: number; // of the sync it belongs to
  step: number;
  from: number;
  data: Float32Array;
  loss: number; // of the sender's share
  problem: string; // the tensor that went non-finite there
}
/** All else that workers tell each other. */
export type Notice = Sync | { kind: 'beat' } | { kind: 'failed'; message: string };
type TeamMessage = Stretch | Notice;

/**
 * out = the mean of parts, all of one length: added in double precision in the order of the workers, rounded once. out may be one of them.
 */
export function mean(out: Float32Array, parts: readonly Float32Array[]): void {
  const share = 1 / parts.length;
  const [a, b] = parts;
  if (parts.length === 2 && a && b) {
    for (let i = 0; i < out.length; i += 1) out[i] = ((a[i] as number) + (b[i] as number)) * share;
    return;
  }
  const sums = new Float64Array(out.length);
  for (const part of parts) for (let i = 0; i < sums.length; i += 1) (sums[i] as number) += part[i] as number;
  for (let i = 0; i < sums.length; i += 1) out[i] = (sums[i] as number) * share;
}

export class Exchange {
  readonly index: number;
  readonly workers: number;
  /** The first tensor that went non-finite in one of the shares of this step; '' for none. */
  problem = '';
  private readonly ports: Team['ports'];
  private readonly onReady: () => void;
  private id = 0;
  private step = 0;
  private ends: number[] = []; // of the workers' stretches, elements
  private spare: Float32Array[][] = []; // by owner
  private inbox: Stretch[] = [];
  private own: { data: Float32Array; loss: number; problem: string } | undefined;
  private means: (Float32Array | undefined)[] = [];
  private loss = NaN;

  /** onReady: a step's means are all here. onNotice: whatever is not a stretch. */
  constructor(team: Team, onReady: () => void, onNotice: (message: Notice) => void) {
    this.index = team.index;
    this.ports = team.ports;
    this.workers = team.ports.length;
    this.onReady = onReady;
    for (const port of team.ports)
      if (port)
        port.onmessage = ({ data }: MessageEvent<TeamMessage>) => {
          if (!('data' in data)) onNotice(data);
          else if (data.id >= this.id) {
            this.inbox.push(data);
            this.settle();
          }
        };
  }

  tell(to: number, message: TeamMessage, transfers: Transferable[] = []): void {
    this.ports[to]?.postMessage(message, transfers);
  }

  /** The number of the next sync; the leader gives them. */
  get nextId(): number {
    return this.id + 1;
  }

  /** From here on `step` is in work; what belongs to earlier syncs is void. size: elements of the gradient. */
  begin(id: number, step: number, size: number): void {
    if (this.ends.at(-1) !== size) {
      this.ends = Array.from({ length: this.workers }, (_, i) => Math.floor((size * (i + 1)) / this.workers));
      this.spare = this.ends.map(() => []);
    }
    this.id = id;
    this.inbox = this.inbox.filter((message) => message.id >= id);
    this.next(step);
  }

  private next(step: number): void {
    this.step = step;
    this.own = undefined;
    this.means = [];
    this.problem = '';
  }

  /** This worker's gradient of the step, (size), and its share's loss. */
  offer(gradient: Float32Array, loss: number, problem: string): void {
    const { id, step, index } = this;
    for (let to = 0; to < this.workers; to += 1) {
      const data = this.buffer(to);
      data.set(gradient.subarray(this.ends[to - 1] ?? 0, this.ends[to]));
      if (to === index) this.own = { data, loss, problem };
      else this.tell(to, { kind: 'part', id, step, from: index, data, loss, problem }, [data.buffer]);
    }
    this.settle();
  }

  /** Whether take() has something to give. */
  get ready(): boolean {
    for (let i = 0; i < this.workers; i += 1) if (!this.means[i]) return false;
    return true;
  }

  /** The mean gradient into `gradient`; the result is the mean loss. Then the next step is in work. */
  take(gradient: Float32Array): number {
    this.means.forEach((data, owner) => {
      if (!data) return;
      gradient.set(data, this.ends[owner - 1] ?? 0);
      this.spare[owner]?.push(data);
    });
    const { loss, problem } = this;
    this.next(this.step + 1);
    this.problem = problem;
    return loss;
  }

  close(): void {
    for (const port of this.ports) port?.close();
  }

  private buffer(owner: number): Float32Array<ArrayBuffer> {
    const length = (this.ends[owner] ?? 0) - (this.ends[owner - 1] ?? 0);
    return (this.spare[owner]?.pop() as Float32Array<ArrayBuffer> | undefined) ?? new Float32Array(length);
  }

  /** What has come of the step in work. */
  private here(kind: Stretch['kind']): Stretch[] {
    return this.inbox.filter((m) => m.kind === kind && m.id === this.id && m.step === this.step);
  }

  private taken(kind: Stretch['kind']): Stretch[] {
    const found = this.here(kind);
    this.inbox = this.inbox.filter((m) => !found.includes(m));
    return found;
  }

  /** As far as what is here allows. */
  private settle(): void {
    const { own, index, workers } = this;
    if (!own) return;
    if (!this.means[index]) {
      if (this.here('part').length < workers - 1) return;
      this.reduce(own);
    }
    for (const { from, data } of this.taken('mean')) this.means[from] = data;
    if (this.ready) this.onReady();
  }

  private reduce(own: { data: Float32Array; loss: number; problem: string }): void {
    const { id, step, index, workers } = this;
    const shares = [{ ...own, from: index }, ...this.taken('part')].sort((a, b) => a.from - b.from);
    mean(
      own.data,
      shares.map(({ data }) => data),
    );
    this.loss = shares.reduce((sum, { loss }) => sum + loss, 0) / workers;
    this.problem = shares.find(({ problem }) => problem !== '')?.problem ?? '';
    this.means[index] = own.data;
    for (const { from, data } of shares) {
      if (from === index) continue;
      const copy = data as Float32Array<ArrayBuffer>; // of this stretch's length, and read
      copy.set(own.data);
      const { loss, problem } = own;
      this.tell(from, { kind: 'mean', id, step, from: index, data: copy, loss, problem }, [copy.buffer]);
    }
  }
}
