// What all handles of the tools share: the port they call through, the number they are known by, and giving the memory back.
import type { ToolAnswer, ToolArguments, ToolName } from './host.ts';

/** How a handle reaches the tools; Tools make it. */
export interface ToolPort {
  call<K extends ToolName>(name: K, ...args: ToolArguments<K>): Promise<ToolAnswer<K>>;
  /** A number that no handle has had. */
  fresh(): number;
  close(id: number): void;
}

/** Something that lives beside the engine. After a failure of the engine it is gone, and every call says so. */
export abstract class ToolHandle {
  /** @internal */
  protected readonly port: ToolPort;
  /** @internal */
  protected readonly id: number;

  /** @internal */
  constructor(port: ToolPort, id: number) {
    this.port = port;
    this.id = id;
  }

  /** Gives the memory back; what was made from it stays. Later calls are refused with `bad_state`. */
  dispose(): void {
    this.port.close(this.id);
  }
}

/** One that learns or counts, and knows where it stood after the last call that changed it. */
export abstract class ReportingHandle<Report> extends ToolHandle {
  /** @internal */
  protected last: Report;

  /** @internal */
  constructor(port: ToolPort, id: number, report: Report) {
    super(port, id);
    this.last = report;
  }

  /** Where it stood after the last call that changed it. */
  get report(): Report {
    return this.last;
  }
}
