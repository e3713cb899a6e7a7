export interface Goal {
  key: string;
  name: string;
  bench: string;
  case: RegExp;
  who?: string;
  where?: string;
  variant?: string;
  field: string;
  least?: number;
  most?: number;
}
type Row = object;
export const goals: Goal[];
export function judge(goal: Goal, rows: Row[]): { value: number; reached: boolean; unit: string } | undefined;
export function report(rows: Row[]): { key: string; value: number; reached: boolean }[];
export function figure(value: number): string;
export function table(rows: Row[]): string;
export function rowLine(row: Row): string;
export function clean(row: Row): Record<string, unknown>;
export function document(
  head: object,
  rows: Row[],
  absent: object[],
): { goals: { key: string; reached: boolean }[]; rows: Record<string, unknown>[] };
