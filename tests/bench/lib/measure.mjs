// How a benchmark takes its times: enough calls to outlast the clock's grain, two contestants in turns A B B A, the middle of what was
// seen. Pure but for the clock, the same under Node and in a browser. What is measured is the cases' business.

/** The value in the middle; of an even number, the mean of the two. */
export function median(values) {
  if (values.length === 0) throw new RangeError('the median of nothing');
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/**
 * Ratios of rounds A B B A: each round's two times of B against its two of A. What drifts evenly during a round cancels out.
 * @param rounds of [a, b, b, a], seconds
 * @returns the middle ratio, the smallest and the largest
 */
export function pairwise(rounds) {
  const ratios = rounds.map(([a1, b1, b2, a2]) => (b1 + b2) / (a1 + a2));
  return { ratio: median(ratios), low: Math.min(...ratios), high: Math.max(...ratios) };
}

/** Seconds of one unit of work, over `count` of them. */
async function sample(contestant, count, clock) {
  const begin = clock();
  await contestant.work(count);
  return (clock() - begin) / 1000 / count;
}

/** How many units take at least `ms`: found by doubling, which warms up as well. */
export async function calibrate(contestant, ms, clock = () => performance.now()) {
  const { least = 1 } = contestant; // it works in lots of so many
  let count = least;
  for (;;) {
    const took = (await sample(contestant, count, clock)) * count * 1000;
    if (took >= ms) return count;
    const wanted = took > ms / 16 ? (count * 1.1 * ms) / took : count * 4;
    count = Math.ceil(wanted / least) * least;
  }
}

/**
 * One contestant against another.
 * @param a, b {work(count): does so many units}
 * @param o {rounds, ms} of one sample
 * @returns {a, b: seconds a unit, the middle; ratio, low, high: b's time over a's}
 */
export async function duel(a, b, { rounds = 5, ms = 150, clock = () => performance.now() } = {}) {
  const counts = [await calibrate(a, ms, clock), await calibrate(b, ms, clock)];
  const seen = [];
  for (let i = 0; i < rounds; i++) {
    const round = [];
    for (const who of [0, 1, 1, 0]) round.push(await sample(who === 0 ? a : b, counts[who], clock));
    seen.push(round);
  }
  return {
    a: median(seen.flatMap(([a1, , , a2]) => [a1, a2])),
    b: median(seen.flatMap(([, b1, b2]) => [b1, b2])),
    ...pairwise(seen),
  };
}

/** One alone: the middle of its samples, seconds a unit; of a yardstick rather the best. */
export async function alone(
  a,
  { rounds = 5, ms = 150, clock = () => performance.now(), take = median } = {},
) {
  const count = await calibrate(a, ms, clock);
  const seen = [];
  for (let i = 0; i < 2 * rounds; i++) seen.push(await sample(a, count, clock));
  return take(seen);
}

/**
 * Ours in every variant, then each peer against ours, one after the other.
 * @param ours list of {variant, work}; the first is the one that peers are held against
 * @param peers list of {who, variant, threads, work, note}
 * @param o {units: of one work(1), unit, rate: units a second or else seconds · scale, …duel's}
 * @returns rows without bench and where
 */
export async function contest(name, ours, peers, { unit, value, ...o }) {
  const [first, ...others] = ours;
  const times = [];
  const rows = [];
  const row = (c, seconds, more = {}) => ({
    case: name,
    who: c.who ?? 'xor2gpt',
    threads: c.threads ?? 1,
    variant: c.variant,
    value: value(seconds),
    unit,
    ...more,
  });
  for (const other of [...others, ...peers]) {
    const found = await duel(first, other, o);
    times.push(found.a);
    rows.push(
      row(other, found.b, {
        ratio_to_ours: found.ratio,
        ratio_range: [found.low, found.high],
        ...(other.note ? { note: other.note } : {}),
      }),
    );
  }
  if (times.length === 0) times.push(await alone(first, o));
  return [row(first, median(times)), ...rows];
}

/** The largest relative difference between two lists of numbers, against the larger size of each pair (at least `floor`). */
export function difference(a, b, floor = 1e-6) {
  if (a.length !== b.length) return Infinity;
  let worst = 0;
  for (let i = 0; i < a.length; i++) {
    const d = Math.abs(a[i] - b[i]) / Math.max(Math.abs(a[i]), Math.abs(b[i]), floor);
    if (Number.isNaN(d)) return Infinity;
    worst = Math.max(worst, d);
  }
  return worst;
}

/** Throws with the figure when two that should agree do not. */
export function agree(what, a, b, tolerance, floor) {
  const d = difference(a, b, floor);
  if (!(d <= tolerance))
    throw new Error(
      `${what} differ by ${d.toExponential(2)}, more than ${tolerance.toExponential(0)}: not the same work`,
    );
  return d;
}
