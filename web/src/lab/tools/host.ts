// A host of tools: what works beside an engine without graphs, in a worker or on the page. The page calls it by one name, tool().
// What may be asked stands in the files beside this one, a family in each.
import type { Engine } from '../engine.ts';
import { LabError, toLabError } from '../errors.ts';
import type { HostOptions } from '../telling.ts';
import { countsWork } from './counts.ts';
import { dataWork } from './data.ts';
import { Desk } from './desk.ts';
import type { ToolsEngine } from './engine.ts';
import { filesWork } from './files.ts';
import { numbersWork } from './numbers.ts';
import { textWork } from './text.ts';
import { unigramWork } from './unigram.ts';

const work = { ...textWork, ...unigramWork, ...countsWork, ...dataWork, ...numbersWork, ...filesWork };

type Work = typeof work;
type WithoutDesk<A> = A extends [Desk, ...infer Rest] ? Rest : never;
/** What a page may ask of the tools. */
export type ToolName = keyof Work;
export type ToolArguments<K extends ToolName> = WithoutDesk<Parameters<Work[K]>>;
export type ToolAnswer<K extends ToolName> = Awaited<ReturnType<Work[K]>>;

/** The engine, saying so where it was built without what is asked of it. */
function checked(engine: Engine): ToolsEngine {
  return new Proxy(engine as unknown as ToolsEngine, {
    get(table, name) {
      const found: unknown = Reflect.get(table, name);
      if (found !== undefined) return found;
      throw new LabError(
        'bad_state',
        `this engine was built without ${String(name)}; open the tools with engine: 'tools'`,
      );
    },
  });
}

export class ToolsHost {
  private readonly engine: Engine;
  private readonly desk: Desk;

  constructor(engine: Engine, o: HostOptions) {
    this.engine = engine;
    this.desk = new Desk(checked(engine), o);
  }

  version(): string {
    return this.engine.version();
  }

  async tool<K extends ToolName>(name: K, args: ToolArguments<K>): Promise<ToolAnswer<K>> {
    if (!Object.hasOwn(work, name)) {
      throw new LabError('unknown_name', `there is no tool "${String(name).slice(0, 40)}"`);
    }
    const run = work[name] as unknown as (d: Desk, ...rest: ToolArguments<K>) => ToolAnswer<K>;
    try {
      return await run(this.desk, ...args);
    } catch (thrown) {
      throw toLabError(thrown);
    }
  }

  /** Gives back what was made under that number. */
  closeTool(id: number): void {
    this.desk.drop(id);
  }

  close(): void {
    this.desk.close();
  }
}
