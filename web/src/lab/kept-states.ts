// Earlier states of a small model, so that back() can return to any recent step: exactly, or by replaying from a state shortly before.
// Replay gives the same bits as long as nobody changed a rate or a weight in between; each such change begins a new era.
// Models whose state is large keep nothing; for them there are snapshots.

export interface KeptState {
  step: number;
  era: number;
  bytes: Uint8Array;
}

const budget = 4 * 1024 * 1024; // bytes
const fewest = 8; // a model of which fewer states than this fit keeps none

export class KeptStates {
  private states: KeptState[] = [];
  private bytes = 0;
  private era = 0;

  /** Something other than training changed the state. */
  newEra(): void {
    this.era += 1;
  }

  /** Remembers a state; what lay at or after its step belongs to a future that will not come. */
  keep(step: number, bytes: Uint8Array): void {
    if (bytes.length * fewest > budget) return;
    while ((this.states.at(-1)?.step ?? -1) >= step) this.drop(this.states.pop());
    this.states.push({ step, era: this.era, bytes });
    this.bytes += bytes.length;
    while (this.bytes > budget) this.drop(this.states.shift());
  }

  /** The newest state at or before `step` from which it can be reached; undefined when there is none. */
  find(step: number): KeptState | undefined {
    for (let i = this.states.length - 1; i >= 0; i -= 1) {
      const state = this.states[i];
      if (!state || state.step > step) continue;
      if (state.step === step || state.era === this.era) return state;
      return undefined;
    }
    return undefined;
  }

  /** After going back to a state: the present belongs to its era again. */
  returnTo(state: KeptState): void {
    if (state.era !== this.era) this.era += 1;
    state.era = this.era;
    while ((this.states.at(-1)?.step ?? -1) > state.step) this.drop(this.states.pop());
  }

  private drop(state: KeptState | undefined): void {
    this.bytes -= state?.bytes.length ?? 0;
  }
}
