/**
 * A look in three parts: the sum, the answer with its error, the update. The core makes a look as a whole; here the report from before it
 * stays in the picture until its update is told. Nothing is computed.
 */
import type { Report } from '@x2g/web/elements';

/** How much of the last look is shown. */
export type Part = 'sum' | 'answer' | 'update';

export class Parts {
  #before: Report | undefined;
  #part: Part = 'update';

  get part(): Part {
    return this.#part;
  }
  /** Another look has to be made before more of one can be shown. */
  get over(): boolean {
    return this.#part === 'update';
  }
  /** The report to draw, given the newest one. */
  shown(report: Report | undefined): Report | undefined {
    return this.over ? report : this.#before;
  }
  /** A look follows, of which only the sum is to be shown at first. */
  begin(before: Report | undefined): void {
    this.#before = before;
    this.#part = 'sum';
  }
  next(): void {
    this.#part = this.#part === 'sum' ? 'answer' : 'update';
  }
  /** Something else has happened: the last look is shown whole. */
  end(): void {
    this.#before = undefined;
    this.#part = 'update';
  }
}
