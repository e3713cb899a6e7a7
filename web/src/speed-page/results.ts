// The committed figures (results.json, written by `./lab bench --json`), typed, and how they are said. Reads no clock and no machine.
import data from './results.json';

export interface Row {
  bench: string;
  case: string;
  who: string;
  where: string;
  threads: number;
  variant: string;
  value: number;
  unit: string;
  peak_percent?: number;
  ratio_to_ours?: number;
  ratio_range?: number[];
  note?: string;
}

export interface Goal {
  key: string;
  name: string;
  bench: string;
  variant?: string;
  where: string;
  least?: number;
  most?: number;
  value: number;
  unit: string;
  reached: boolean;
}

export interface Results {
  machine: string;
  cores: number;
  load: number; // programs that wanted a core before the run, on average
  engines: Record<string, string>;
  date: string;
  commit: string;
  goals: Goal[];
  rows: Row[];
  absent: { bench: string; who: string; where: string; reason: string }[];
}

export const results = data as unknown as Results;

/** Three digits, or all before the point in groups of three. */
export function figure(value: number): string {
  if (Math.abs(value) >= 1000)
    return Math.round(value)
      .toString()
      .replace(/\B(?=(\d{3})+$)/gu, '\u202f');
  return String(Number(value.toPrecision(3)));
}

/** The benchmarks that have rows, in their order. */
export const benchNames = (rows: Row[]): string[] => [...new Set(rows.map(({ bench }) => bench))];

/** Ours of a case, in Chromium where it was measured there, else under Node: what a reader's figure stands beside. */
export function ours(rows: Row[], same: { bench: string; case: string }, variant: string): Row | undefined {
  const fits = rows.filter(
    (row) =>
      row.bench === same.bench && row.case === same.case && row.who === 'xor2gpt' && row.variant === variant,
  );
  return fits.find(({ where }) => where === 'chromium') ?? fits.find(({ where }) => where === 'node');
}
