// Every claim of every lesson has a measured value and the test that measured it, and no value stands for a claim that is gone.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readMeasured, recordOf } from '../support/claims.ts';

const lessons = new URL('../../lessons/', import.meta.url);
const folders = readdirSync(lessons).filter((name) => /^\d\d-/u.test(name));

describe('the claims of', () => {
  it.each(folders)('%s have all been measured', (folder) => {
    const at = (name: string): string => new URL(`${folder}/${name}`, lessons).pathname;
    const { claims } = JSON.parse(readFileSync(at('lesson.json'), 'utf8')) as { claims: { id: string }[] };
    const measured = readMeasured(at('measured.json'));
    expect(Object.keys(measured).sort()).toEqual(claims.map((claim) => claim.id).sort());
    for (const [id, { test, value }] of Object.entries(measured)) {
      expect(test, id).toContain(`lessons/${folder}/`);
      expect([value].flat().length, id).toBeGreaterThan(0);
    }
  });
});

describe('a measurement', () => {
  it('is told with four digits, of many the lowest and the highest', () => {
    expect(recordOf([0.123456], 't')).toEqual({ value: 0.1235, test: 't' });
    expect(recordOf([1, 2, 3], 't')).toEqual({ value: [1, 2, 3], test: 't' });
    expect(recordOf([5, 1.00004, 3, 2, 4], 't')).toEqual({ value: [1, 5], of: 5, test: 't' });
    expect(recordOf([NaN], 't').value).toBe('not a finite number');
  });
});
