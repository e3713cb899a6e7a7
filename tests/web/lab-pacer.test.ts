// How much is done before yielding, with a clock that the test turns.
import { describe, expect, it } from 'vitest';
import { Calibration, Speed, Tempo } from '../../web/src/lab/pacer.ts';

/** Work that takes `cost` ms a unit, at most `most` units a call. */
function machine(cost: number): {
  now: () => number;
  work: (n: number, most?: number) => number;
  longest: number;
} {
  let at = 0;
  const m = {
    now: () => at,
    longest: 0,
    work: (n: number, most = Infinity) => {
      const done = Math.min(n, most);
      at += done * cost;
      m.longest = Math.max(m.longest, done * cost);
      return done;
    },
  };
  return m;
}

describe('a calibration', () => {
  it.each([1e-5, 0.01, 1, 20])('fills a slice of 12 ms with units of %d ms', (cost) => {
    const m = machine(cost);
    const c = new Calibration();
    for (let i = 0; i < 30; i += 1) c.fill(12, Infinity, m.now, m.work);
    const before = m.now();
    m.longest = 0;
    c.fill(12, Infinity, m.now, m.work);
    expect(m.now() - before).toBeGreaterThanOrEqual(12);
    expect(m.now() - before).toBeLessThan(12 + Math.max(cost * 1.01, 3.5));
  });

  it('learns nothing from calls that end early', () => {
    const m = machine(0.001);
    const c = new Calibration();
    for (let i = 0; i < 100; i += 1) c.fill(12, Infinity, m.now, (n) => m.work(n, 1)); // a slow pace: one unit at a time
    m.longest = 0;
    const before = m.now();
    c.fill(12, Infinity, m.now, m.work);
    expect(m.now() - before).toBeLessThan(16);
    expect(m.longest).toBeLessThan(4);
  });

  it('does no more than the budget and says when it was stopped', () => {
    const m = machine(0.1);
    const c = new Calibration();
    let done = 0;
    const count = (n: number): number => {
      done += n;
      return m.work(n);
    };
    expect(c.fill(1000, 7, m.now, count)).toBe(true);
    expect(done).toBe(7);
    expect(c.fill(1000, 7, m.now, () => 0)).toBe(false);
  });
});

describe('a tempo', () => {
  it('makes the first step at once and then keeps time', () => {
    const t = new Tempo(10, 0);
    expect(t.due(0)).toBe(1);
    t.count(1);
    expect(t.due(50)).toBe(0);
    expect(t.wait(50)).toBe(50);
    expect(t.due(200)).toBe(2);
  });

  it('does not make up for lost time', () => {
    const t = new Tempo(100, 0);
    t.count(t.due(0));
    expect(t.due(10_000)).toBeLessThanOrEqual(26);
  });

  it('has no limit at 0', () => {
    const t = new Tempo(0, 0);
    expect(t.due(0)).toBe(Infinity);
    expect(t.wait(0)).toBe(0);
  });
});

describe('a speed', () => {
  it('is that of the last second', () => {
    const s = new Speed();
    expect(s.value).toBeNull();
    for (let at = 0; at <= 3000; at += 50) s.mark(at, at < 2000 ? at / 10 : 200 + (at - 2000));
    expect(s.value).toBeCloseTo(1000, -1);
    s.mark(3050, 0); // back at the start
    expect(s.value).toBeNull();
  });
});
