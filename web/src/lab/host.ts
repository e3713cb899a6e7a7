// The host of the engines that know language models: bare-host.ts, and text written between slices of training.
import { BareHost, type HostOptions } from './bare-host.ts';
import type { Engine } from './engine.ts';
import { Writing } from './writing.ts';

export type { HostEvent, HostOptions, RunOptions } from './bare-host.ts';

export class Host extends BareHost {
  constructor(engine: Engine, o: HostOptions) {
    super(engine, o, Writing);
  }
}
