// Earlier states of a run, to go back to: any step is reached from the state before it by training again, with the same bits as long as
// nobody changed a rate or a weight in between. Each such change begins an era. States are thinned to a memory budget, evenly over the run;
// of a model of which only a few would fit none are kept. Pure bookkeeping: time-travel.ts moves the run.
import type { RunConfig } from './types.ts';

/** What training hangs on besides the state: the same from step `from` on, until the next era. */
export interface Era {
  readonly from: number;
  readonly config: RunConfig;
}

export interface KeptState {
  step: number;
  era: Era;
  bytes: Uint8Array;
  /** The state that its era begins with: at this step something else than training happened. */
  first: boolean;
  /** A weight was set there, so that the report looked at another batch than the one trained on. */
  looked: boolean;
  /** Nearer to the state before than states are to stand: replaced by the next one. */
  loose: boolean;
}

/** How a step is reached: train on from `from`; where a change was made at that very step, take over `edited` then. */
export interface Way {
  from: KeptState;
  edited?: KeptState;
}

const budget = 32 * 1024 * 1024; // bytes
const fewest = 3; // a model of which fewer states than this fit keeps none
const most = 2000;

export class KeptStates {
  private states: KeptState[] = [];
  private eras: Era[];
  private bytes = 0;
  private spacing = 0; // steps

  constructor(config: RunConfig) {
    this.eras = [{ from: 0, config }];
  }

  get era(): Era {
    return this.eras.at(-1) as Era;
  }

  /** Something other than training changed the run at that step. */
  newEra(from: number, config: RunConfig): void {
    if (this.era.from >= from) this.eras.pop();
    this.eras.push({ from, config });
  }

  /** Remembers a state; what lay at or after its step belongs to a future that will not come. */
  keep(step: number, bytes: Uint8Array, looked = false): void {
    if (bytes.length * fewest > budget) return;
    const { era } = this;
    const again = this.states.find((state) => state.step === step && state.era === era)?.looked ?? false;
    while ((this.states.at(-1)?.step ?? -1) >= step) this.drop();
    if (this.states.at(-1)?.loose) this.drop();
    const before = this.states.at(-1);
    const first = step === era.from && before?.era !== era;
    const loose = !first && before !== undefined && step - before.step < this.spacing;
    this.states.push({ step, era, bytes, first, looked: looked || again, loose });
    this.bytes += bytes.length;
    if (this.bytes > budget || this.states.length > most) this.thin();
  }

  clear(): void {
    this.states = [];
    this.bytes = 0;
  }

  /** The newest kept step; −1 when nothing is kept. */
  get newest(): number {
    return this.states.at(-1)?.step ?? -1;
  }

  /** Whether a state of the present era is kept; not when it began within a step. */
  get hasEra(): boolean {
    return this.states.at(-1)?.era === this.era;
  }

  /** A way to `step` with at least one training step in it where that can be, so that activations and gradients are those of the time. */
  find(step: number): Way | undefined {
    let i = this.states.length - 1;
    while (i >= 0 && (this.states[i]?.step ?? 0) > step) i -= 1;
    const [before, state] = [this.states[i - 1], this.states[i]];
    if (!state) return undefined;
    if (state.step < step) return this.leads(state, step) ? { from: state } : undefined;
    if (!before || !this.leads(before, step)) return { from: state };
    return state.first ? { from: before, edited: state } : { from: before };
  }

  /** Whether training from that state gives step `to`: no other era begins on the way. */
  private leads(state: KeptState, to: number): boolean {
    const later = this.eras.slice(this.eras.indexOf(state.era) + 1);
    return !later.some((era) => era.from < to);
  }

  /** The run goes on from that step: what came later is forgotten. */
  forgetAfter(step: number): void {
    while ((this.states.at(-1)?.step ?? -1) > step) this.drop();
    while (this.eras.length > 1 && this.era.from > step) this.eras.pop();
  }

  /** Steps that are reached by one training step at most, in order. */
  marks(): number[] {
    const near = this.states.flatMap(({ step, first }) => (first ? [step, step + 1] : [step + 1]));
    return near.filter((step, i) => step !== near[i - 1]);
  }

  /** The longest stretch between two states, and from the newest one to `step`. */
  gap(step: number): number {
    const steps = [...this.states.map((state) => state.step), step];
    return Math.max(0, ...steps.slice(1).map((s, i) => s - (steps[i] ?? 0)));
  }

  private drop(): void {
    this.bytes -= this.states.pop()?.bytes.length ?? 0;
  }

  /** Leaves about half of the states, evenly over the run. Where eras begin they stay as long as there is room. */
  private thin(): void {
    const { states } = this;
    const range = (states.at(-1)?.step ?? 0) - (states[0]?.step ?? 0);
    this.spacing = Math.max(this.spacing, Math.ceil((2 * range) / states.length));
    const size = (list: KeptState[]): number => list.reduce((sum, state) => sum + state.bytes.length, 0);
    let last = -Infinity;
    this.states = states.filter((state, i) => {
      const stays = i === 0 || i === states.length - 1 || state.first || state.step - last >= this.spacing;
      if (stays) last = state.step;
      return stays;
    });
    while (this.states.length > 2 && (size(this.states) > budget || this.states.length > most))
      this.states.splice(1, 1);
    this.bytes = size(this.states);
  }
}
