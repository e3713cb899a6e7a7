export interface Contestant {
  work(count: number): unknown;
  least?: number;
  who?: string;
  variant?: string;
  threads?: number;
  note?: string;
}
export interface Times {
  rounds?: number;
  ms?: number;
  clock?: () => number;
}
export interface Row {
  case: string;
  who: string;
  threads: number;
  variant: string;
  value: number;
  unit: string;
  ratio_to_ours?: number;
  ratio_range?: number[];
  note?: string;
}
export function median(values: number[]): number;
export function pairwise(rounds: number[][]): { ratio: number; low: number; high: number };
export function calibrate(contestant: Contestant, ms: number, clock?: () => number): Promise<number>;
export function duel(
  a: Contestant,
  b: Contestant,
  o?: Times,
): Promise<{ a: number; b: number; ratio: number; low: number; high: number }>;
export function alone(a: Contestant, o?: Times & { take?: (seconds: number[]) => number }): Promise<number>;
export function contest(
  name: string,
  ours: Contestant[],
  peers: Contestant[],
  o: Times & { unit: string; value: (seconds: number) => number },
): Promise<Row[]>;
export function difference(a: ArrayLike<number>, b: ArrayLike<number>, floor?: number): number;
export function agree(
  what: string,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  tolerance: number,
  floor?: number,
): number;
