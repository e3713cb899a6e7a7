// What a test of a lesson's claim has measured, beside the claim: lessons/NN-slug/measured.json, which the panel "Proof" shows. A test fails
// when it measures another value than the file holds; X2G_MEASURE=write writes the file anew instead. Four digits: what a reader is told.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

export interface Measured {
  /** The figure, a few of them, or the lowest and the highest of many. */
  value: number | string | (number | string)[];
  /** How many there were, when only the lowest and the highest are told. */
  of?: number;
  /** File and name of the test. */
  test: string;
}

const MOST = 4;
const short = (value: number): number | string =>
  Number.isFinite(value) ? Number(value.toPrecision(4)) : 'not a finite number';

/** The record of a measurement. */
export function recordOf(found: readonly number[], test: string): Measured {
  if (found.length > MOST)
    return { value: [short(Math.min(...found)), short(Math.max(...found))], of: found.length, test };
  return { value: found.length === 1 ? short(found[0] ?? NaN) : found.map(short), test };
}

export function readMeasured(file: string): Record<string, Measured> {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, Measured>) : {};
}

/** Called in the test of a claim: `measured(import.meta.url, claim.id, value)`, or with all values that were measured for it. */
export function measured(testUrl: string, id: string, found: number | readonly number[]): void {
  const test = fileURLToPath(testUrl);
  const folder = dirname(test);
  const file = `${folder}/measured.json`;
  const name = (expect.getState().currentTestName ?? '').split(' > ')[0] ?? '';
  const record = recordOf([found].flat(), `lessons/${basename(folder)}/${basename(test)}: ${name}`);
  const all = readMeasured(file);
  if (process.env['X2G_MEASURE'] === 'write') {
    const next = { ...all, [id]: record };
    const sorted = Object.fromEntries(Object.entries(next).sort(([a], [b]) => (a < b ? -1 : 1)));
    const lists = /\[\s+([^\]]+?)\s+\]/gu; // on one line, as the formatter wants them
    const text = JSON.stringify(sorted, null, 2).replace(
      lists,
      (_, list: string) => `[${list.replace(/\s*\n\s*/gu, ' ')}]`,
    );
    writeFileSync(file, `${text}\n`);
    return;
  }
  expect(all[id], `measured.json of ${basename(folder)}, claim "${id}"; X2G_MEASURE=write renews it`).toEqual(
    record,
  );
}
