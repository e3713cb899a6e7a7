// The host of a worker that trains together with others: host.ts with shared runs. Pages load it only for runs of two workers or more.
import type { RunOptions } from './bare-host.ts';
import type { Engine } from './engine.ts';
import { noGrain } from './grains.ts';
import { Host } from './host.ts';
import { Crew } from './parallel-crew.ts';
import type { Team } from './parallel-exchange.ts';
import type { HostOptions } from './telling.ts';
import type { Estimate, Grain, Report, RunConfig, RunInfo } from './types.ts';
import type { HostKind } from './worker-api.ts';

const sharesOf = (config: RunConfig): number => (config.kind === 'gpt' ? (config.workers ?? 1) : 1);

/** The host for one place in a team; alone, { index: 0, ports: [] }, it takes all shares itself. */
export function teamHost(team: Team): HostKind {
  return class extends Host {
    readonly #crew: Crew;

    constructor(engine: Engine, o: HostOptions) {
      const crew = new Crew(engine, o, team);
      super(crew.engine, o);
      this.#crew = crew;
      crew.onReady = () => this.wake();
    }

    override estimate(config: RunConfig): Estimate {
      this.#crew.shares = sharesOf(config);
      return super.estimate(config);
    }

    override create(config: RunConfig): RunInfo {
      this.#crew.shares = sharesOf(config);
      return super.create(config);
    }

    override run(o: RunOptions = {}): void {
      this.#crew.together(true);
      super.run(o);
    }

    override step(n = 1, grain: Grain = 'step'): Promise<Report> {
      if (grain !== 'step' && grain !== 'epoch' && sharesOf(this.training.config) > 1) throw noGrain(grain);
      this.#crew.together(true);
      return super.step(n, grain);
    }

    override goTo(step: number): Promise<Report> {
      this.#crew.together(false);
      return super.goTo(step);
    }

    override back(): Report {
      this.#crew.together(false);
      return super.back();
    }

    override close(): void {
      super.close();
      this.#crew.close();
    }
  };
}
