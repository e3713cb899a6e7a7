// Two runs in lock step, with stand-ins for the demos: the second goes wherever the first goes, and comes after when only it was built anew.
import { describe, expect, it, vi } from 'vitest';
import { Lockstep } from '../../web/src/elements/later/lockstep.ts';
import type { RunOfDemo } from '../../web/src/elements/later/twin.ts';
import { option } from '../../web/src/elements/option.ts';
import type { Report } from '../../web/src/lab/types.ts';

const options = { lr: option.number({ default: 0.1, min: 0, max: 10, control: 'none' }) };

/** A demo whose every step succeeds until `end`, one report a move. */
class Demo {
  report: Report | undefined;
  running = false;
  seed = 1;
  opt: Record<string, unknown> = { lr: 0.1 };
  ready = Promise.resolve();
  end = Infinity;
  newest = 0;
  lead: unknown;
  constructor(step = 0) {
    this.#tell(step);
  }
  #tell(step: number): void {
    const over = step >= this.end;
    const past = step < this.newest ? { past: { newest: this.newest } } : {};
    this.report = { step: Math.min(step, this.end), status: over ? 'diverged' : 'ready', ...past } as Report;
    if (!this.report.past) this.newest = this.report.step;
  }
  #move(step: number): Promise<void> {
    return Promise.resolve().then(() => this.#tell(step));
  }
  step = (n: number): Promise<void> => this.#move((this.report?.step ?? 0) + n);
  goTo = (step: number): Promise<void> => this.#move(step);
  reset = (): Promise<void> => {
    this.newest = 0;
    return this.#move(0);
  };
  setState = (state: unknown): void => {
    Object.assign(this, { opt: (state as { options: Record<string, unknown> }).options });
    this.newest = 0;
    this.#tell(0);
  };
  change = (values: Record<string, unknown>): void => void Object.assign(this.opt, values);
  enqueue = <T>(work: (session: never) => Promise<T>): Promise<T> => work(undefined as never);
  pause = (): Promise<void> => Promise.resolve();
  run = (): Promise<void> => Promise.resolve();
}

function pair(at = 0): { first: Demo; second: Demo; lr: { value: number }; settle: () => Promise<void> } {
  const [first, second, lr] = [new Demo(at), new Demo(), { value: 0.1 }];
  const lockstep: Lockstep = new Lockstep({
    first: first as unknown as RunOfDemo,
    second: second as unknown as RunOfDemo,
    options,
    wanted: () => ({ seed: 1, options: { lr: lr.value } }),
    tell: (reason) => expect.fail(String(reason)),
    redraw: () => lockstep.follow(),
  });
  const settle = async (): Promise<void> => {
    lockstep.follow();
    for (let i = 0; i < 200; i++) await Promise.resolve();
    await new Promise((resolve) => setTimeout(resolve, 5));
  };
  return { first, second, lr, settle };
}

describe('the second of two runs', () => {
  it('comes to the step of the first, goes back with it, and starts over with it', async () => {
    const { first, second, settle } = pair(30);
    await settle();
    expect(second.report?.step).toBe(30);
    await first.goTo(4);
    await settle();
    expect(second.report).toMatchObject({ step: 4, past: { newest: 30 } });
    await first.reset();
    await settle();
    expect(second.report?.step).toBe(0);
  });
  it('comes after when it alone was built anew', async () => {
    const { second, lr, settle } = pair(30);
    await settle();
    lr.value = 0.7;
    second.setState({ options: { lr: 0.7 } });
    expect(second.report?.step).toBe(0);
    await settle();
    expect(second.report?.step).toBe(30);
  });
  it('stays where its numbers ended, and is not asked again and again', async () => {
    const { second, settle } = pair(30);
    second.end = 12;
    const step = vi.spyOn(second, 'step');
    await settle();
    expect(second.report).toMatchObject({ step: 12, status: 'diverged' });
    const asked = step.mock.calls.length;
    await settle();
    expect(step.mock.calls.length).toBe(asked);
  });
});
