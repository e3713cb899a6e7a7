// A host that knows one more kind of run: a graph of one's own (kind 'graph'). Only sessions of the engines 'graph' and 'whole' start it, so
// that no other page carries the code for plans.
import { doubles, floats, number, record } from './checked.ts';
import type { Engine, PlanRuns } from './engine.ts';
import { LabError } from './errors.ts';
import { builtFrom } from './graph-plan.ts';
import type { HostOptions } from './bare-host.ts';
import type { WritingKind } from './driver.ts';
import { FirstHost } from './first-host.ts';
import { optimizerFields, stateSlots } from './normalize.ts';
import type { GraphConfig } from './types.ts';

function planRuns(engine: Engine): PlanRuns {
  return {
    estimate(config: GraphConfig) {
      const builder = builtFrom(engine, config.graph);
      try {
        const { parameterCount } = builder.info();
        const memory = builder.memory(stateSlots(optimizerFields(config.optimizer)));
        return { parameterCount, memory, vocab: 0 };
      } finally {
        builder.delete();
      }
    },
    run(config: GraphConfig, limit: number) {
      const { values = {} } = config;
      record('values', values);
      const builder = builtFrom(engine, config.graph);
      try {
        if (builder.info().nodes.length === 0)
          throw new LabError('bad_state', 'the graph has no op; add at least one');
        const fields = optimizerFields(config.optimizer);
        const run = new engine.GraphRun(builder, fields, number('seed', config.seed), limit);
        try {
          for (const [name, data] of Object.entries(values)) run.set(name, doubles(name, floats(name, data)));
          return run;
        } catch (thrown) {
          run.delete();
          throw thrown;
        }
      } finally {
        builder.delete();
      }
    },
  };
}

export class PlanHost extends FirstHost {
  constructor(engine: Engine, o: HostOptions, Writes?: WritingKind) {
    engine.plans = planRuns(engine);
    super(engine, o, Writes);
  }
}
